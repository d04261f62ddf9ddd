/** Contrast of colours as the browser computes them. */

/** Relative luminance (source: WCAG 2.2), of a colour as the browser computes it. */
const luminanceOf = (color: string): number => {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) throw new Error('a canvas draws');
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

export const contrastOf = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
