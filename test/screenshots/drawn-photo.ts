/** Photos that are drawn, because a real one would need a licence. */

const WIDTH = 1600;
const HEIGHT = 1200;
const HORIZON = 0.62 * HEIGHT;

/** The light of a photo: the sky from above to the horizon, the sun, the ridges from far to near, and the water. */
interface Light {
  readonly sky: readonly [string, string, string];
  readonly sun: string;
  readonly ridges: readonly string[];
  readonly water: readonly [string, string];
}

const LIGHTS = {
  dawn: {
    sky: ['#5b6fb0', '#f2a07b', '#ffdca0'],
    sun: '#fff3cf',
    ridges: ['#9a7f9d', '#6d5a83', '#3b3358'],
    water: ['#f3b58a', '#3d3a66'],
  },
  noon: {
    sky: ['#3f86cf', '#9cc7ea', '#e6f3fb'],
    sun: '#ffffff',
    ridges: ['#8fa9c0', '#55807a', '#2c5b3c'],
    water: ['#9dc8dc', '#1f5f7d'],
  },
  evening: {
    sky: ['#23285e', '#a8487c', '#f59a57'],
    sun: '#ffe9b8',
    ridges: ['#7c4070', '#4a2c57', '#221a3c'],
    water: ['#e88f5c', '#1d1b41'],
  },
  night: {
    sky: ['#070d25', '#1a2a58', '#4b5b92'],
    sun: '#f4efd8',
    ridges: ['#2b3766', '#1a2246', '#0c1128'],
    water: ['#46568c', '#080d22'],
  },
} satisfies Readonly<Record<string, Light>>;

export type LightName = keyof typeof LIGHTS;

const gradient = (context: OffscreenCanvasRenderingContext2D, from: number, to: number, colours: readonly string[]) => {
  const filled = context.createLinearGradient(0, from, 0, to);
  for (const [index, colour] of colours.entries()) filled.addColorStop(index / (colours.length - 1), colour);
  return filled;
};

const drawSky = (context: OffscreenCanvasRenderingContext2D, { sky, sun }: Light): void => {
  context.fillStyle = gradient(context, 0, HORIZON, sky);
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const glow = context.createRadialGradient(1060, 470, 20, 1060, 470, 520);
  glow.addColorStop(0, `${sun}ff`);
  glow.addColorStop(0.16, `${sun}aa`);
  glow.addColorStop(1, `${sun}00`);
  context.fillStyle = glow;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = sun;
  context.beginPath();
  context.arc(1060, 470, 74, 0, 7);
  context.fill();
};

const drawRidges = (context: OffscreenCanvasRenderingContext2D, { ridges }: Light): void => {
  for (const [depth, colour] of ridges.entries()) {
    const base = HORIZON - 190 + depth * 95;
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, HORIZON);
    for (let x = 0; x <= WIDTH; x += 8) {
      const slope = Math.abs(Math.sin(x / (340 - depth * 60) + depth * 2)) + 0.4 * Math.abs(Math.sin(x / 97 + depth));
      context.lineTo(x, base - (130 - depth * 32) * slope + 9 * Math.sin(x / 19 + depth));
    }
    context.lineTo(WIDTH, HORIZON);
    context.fill();
  }
};

const drawWater = (context: OffscreenCanvasRenderingContext2D, { water, sun }: Light): void => {
  context.fillStyle = gradient(context, HORIZON, HEIGHT, water);
  context.fillRect(0, HORIZON, WIDTH, HEIGHT);
  context.fillStyle = `${sun}66`;
  for (let line = 0; line < 60; line += 1) {
    const depth = line / 60;
    const reach = 40 + 320 * depth;
    const x = 1060 + Math.sin(line * 12.9) * reach;
    context.fillRect(x - reach / 2, HORIZON + 6 + depth * (HEIGHT - HORIZON), reach * 0.7, 2 + 6 * depth);
  }
};

const drawBoat = (context: OffscreenCanvasRenderingContext2D, { ridges, sun }: Light): void => {
  context.fillStyle = ridges.at(-1) ?? '';
  context.fill(new Path2D('M300 900 h330 l-60 70 h-220 z M452 520 h10 v380 h-10 z'));
  context.fillStyle = sun;
  context.fill(new Path2D('M470 530 q170 200 160 350 h-160 z M444 560 l-120 320 h120 z'));
};

/** A boat on the water before mountains. */
export const drawPhoto = (name: LightName, type = 'image/jpeg'): Promise<Blob> => {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas.');
  const light = LIGHTS[name];
  for (const draw of [drawSky, drawRidges, drawWater, drawBoat]) draw(context, light);
  return canvas.convertToBlob({ type, quality: 0.92 });
};
