/**
 * Small pictures of images and videos, decoded and scaled by the browser off the main thread while their canvas is
 * visible: images one after another, and beside them videos one after another. The bitmap is transferred to its canvas,
 * and freed when the canvas leaves the screen. Images need no object URL.
 */

import { imageSizeOf } from './image-size.js';

/** Shorter side of a picture in device pixels, unless its box is smaller. */
const MAX_SIDE = 640;
/** Limits before decoding: a decoded picture takes four bytes per pixel. */
const MAX_BYTES = 40e6;
const MAX_PIXELS = 40e6;
/** Images with a larger ratio of sides show nothing at this size. */
const MAX_RATIO = 20;

type Kind = 'image' | 'video';

const kindOf = ({ type }: Blob): Kind => (type.startsWith('video/') ? 'video' : 'image');

/** Null without a picture, and when decoding would need too much memory. */
export const makeThumbnail = (file: Blob, side: number): Promise<ImageBitmap | null> =>
  kindOf(file) === 'video' ? makePoster(file, side) : makeSmall(file, side);

/** The code for videos is loaded with the first one. */
const makePoster = async (file: Blob, side: number): Promise<ImageBitmap | null> => {
  try {
    return await (await import('./video-frame.js')).makeVideoFrame(file, side);
  } catch {
    return null;
  }
};

const makeSmall = async (file: Blob, side: number): Promise<ImageBitmap | null> => {
  if (file.size > MAX_BYTES) return null;
  const size = await imageSizeOf(file);
  if (!size) return null;
  const { width, height } = size;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < 1 || width * height > MAX_PIXELS || long > short * MAX_RATIO) return null;
  const resize = width < height ? { resizeWidth: side } : { resizeHeight: side };
  try {
    return await createImageBitmap(file, { ...(short > side && resize), resizeQuality: 'medium' });
  } catch {
    // The file is damaged, or its format unknown to this browser.
    return null;
  }
};

/** Size of the picture's box in device pixels. */
const sideOf = ({ parentElement }: HTMLCanvasElement): number => {
  const { clientWidth = 0, clientHeight = 0 } = parentElement ?? {};
  return Math.max(1, Math.min(MAX_SIDE, Math.ceil(Math.max(clientWidth, clientHeight) * devicePixelRatio)));
};

const clear = (canvas: HTMLCanvasElement): void => {
  canvas.hidden = true;
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(null);
};

export class ThumbnailMaker {
  readonly #files = new WeakMap<Element, () => Blob | null>();
  /** Visible canvases without a picture, in the order in which they became visible. */
  readonly #waiting = new Set<HTMLCanvasElement>();
  readonly #visible = new Set<HTMLCanvasElement>();
  readonly #observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) this.#see(target, isIntersecting);
    void this.#work('image');
    void this.#work('video');
  });
  /** Kinds of which a file is being decoded. */
  readonly #working = new Set<Kind>();

  /** Shows the picture of the file in the canvas while it is visible; without one the canvas is hidden. */
  watch(canvas: HTMLCanvasElement, file: () => Blob | null): void {
    this.#files.set(canvas, file);
    // A hidden canvas has no position; its frame has.
    this.#observer.observe(canvas.parentElement ?? canvas);
  }

  #see(frame: Element, isVisible: boolean): void {
    const canvas = frame.querySelector('canvas');
    if (!frame.isConnected) this.#observer.unobserve(frame);
    if (!canvas) return;
    if (isVisible) {
      this.#visible.add(canvas);
      this.#waiting.add(canvas);
    } else {
      this.#visible.delete(canvas);
      this.#waiting.delete(canvas);
      clear(canvas);
    }
  }

  /** One of a kind at a time, because decoding takes memory, and no image waits for a video, which may take long. */
  async #work(kind: Kind): Promise<void> {
    if (this.#working.has(kind)) return;
    this.#working.add(kind);
    for (const canvas of this.#waiting) {
      const file = this.#files.get(canvas)?.() ?? null;
      if (file !== null && kindOf(file) !== kind) continue;
      this.#waiting.delete(canvas);
      const bitmap = file && (await makeThumbnail(file, sideOf(canvas)));
      if (!bitmap) continue;
      if (this.#visible.has(canvas)) this.#draw(canvas, bitmap);
      bitmap.close();
    }
    this.#working.delete(kind);
  }

  #draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    canvas.hidden = false;
  }
}
