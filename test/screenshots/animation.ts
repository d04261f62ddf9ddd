/** Pictures of a screen as one animated GIF: a frame holds what changed since the one before it. */

import gifenc, { type Palette } from 'gifenc';
import { PNG } from 'pngjs';

export interface Picture {
  readonly png: Uint8Array;
  /** Milliseconds from the beginning. */
  readonly at: number;
}

const LAST_FRAME_MS = 2500;
/** Of 256 colours the last one is left for what did not change. */
const COLORS = 255;

const pixelsOf = (png: Uint8Array): Uint32Array => {
  const { data } = PNG.sync.read(Buffer.from(png));
  return new Uint32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
};

/** Colours of the first, the middle and the last picture, and of some between, where all that is shown is shown once. */
const paletteOf = (frames: readonly Uint32Array[]): Palette => {
  const picked = [0.05, 0.3, 0.5, 0.7, 1].map(
    (part) => frames[Math.floor(part * (frames.length - 1))] ?? new Uint32Array(),
  );
  const all = new Uint32Array(picked.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of picked) {
    all.set(frame, at);
    at += frame.length;
  }
  return gifenc.quantize(new Uint8Array(all.buffer), COLORS);
};

const nearest = (palette: Palette, pixel: number): number => {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, [red = 0, green = 0, blue = 0]] of palette.entries()) {
    const distance =
      (red - (pixel & 255)) ** 2 + (green - ((pixel >> 8) & 255)) ** 2 + (blue - ((pixel >> 16) & 255)) ** 2;
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
};

/** @throws Error when the pictures differ in size. */
export const animate = (pictures: readonly Picture[], { width, height }: { width: number; height: number }) => {
  const frames = pictures.map(({ png }) => pixelsOf(png));
  if (frames.some(({ length }) => length !== width * height)) throw new Error('The pictures differ in size.');
  const palette = paletteOf(frames);
  const known = new Map<number, number>();
  const indexOf = (pixel: number): number => {
    const index = known.get(pixel) ?? nearest(palette, pixel);
    known.set(pixel, index);
    return index;
  };
  const encoder = gifenc.GIFEncoder();
  for (const [number, frame] of frames.entries()) {
    const before = frames[number - 1];
    const indices = Uint8Array.from(frame, (pixel, at) => (before?.[at] === pixel ? COLORS : indexOf(pixel)));
    const next = pictures[number + 1];
    encoder.writeFrame(indices, width, height, {
      ...(number === 0 && { palette: [...palette, [0, 0, 0]] }),
      delay: next === undefined ? LAST_FRAME_MS : next.at - (pictures[number]?.at ?? 0),
      transparent: number > 0,
      transparentIndex: COLORS,
      dispose: 1,
    });
  }
  encoder.finish();
  return encoder.bytes();
};
