/**
 * Lets rows glide from where they were drawn to where a rendering has put them, once a file is dropped or stays. What
 * moves rows otherwise leaves them to this meanwhile.
 */

import { glide, isMotionWanted, TIME_MS } from '../motion/motion.js';

interface Drawn {
  readonly box: DOMRect;
  readonly picture: HTMLCanvasElement | null;
}

/** A tile in another line is another element, whose picture would be made anew. */
const copyPicture = (from: HTMLCanvasElement | null, to: HTMLCanvasElement | null): void => {
  if (!from || !to || from === to || from.hidden || from.width === 0) return;
  const copy = new OffscreenCanvas(from.width, from.height);
  copy.getContext('2d')?.drawImage(from, 0, 0);
  Object.assign(to, { width: from.width, height: from.height, hidden: false });
  to.getContext('bitmaprenderer')?.transferFromImageBitmap(copy.transferToImageBitmap());
};

const rowsIn = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[data-id]')];

const pictureIn = (row: HTMLElement): HTMLCanvasElement | null => row.querySelector('canvas');

/** Within the list, which scrolls. */
const boxIn = (origin: DOMRect, row: HTMLElement): DOMRect => {
  const { left, top, width, height } = row.getBoundingClientRect();
  return new DOMRect(left - origin.left, top - origin.top, width, height);
};

export class Landing {
  #list: HTMLElement | null = null;
  #id = '';
  #drawn: ReadonlyMap<string, Drawn> | null = null;

  /** The next rendering lets this file down. */
  begin(list: HTMLElement, id: string): void {
    this.#list = list;
    this.#id = id;
  }

  /** Before the rendering. */
  prepare(): void {
    const list = this.#list;
    if (!list) return;
    const origin = list.getBoundingClientRect();
    const rows = rowsIn(list);
    this.#drawn = new Map(
      rows.map((row) => [row.dataset.id ?? '', { box: boxIn(origin, row), picture: pictureIn(row) }]),
    );
    // With this class nothing changes by a transition.
    list.classList.replace('moving', 'landing');
    for (const row of rows) {
      row.style.translate = '';
      row.classList.remove('lifted');
    }
  }

  /** After the rendering. */
  land(): void {
    const [list, drawn] = [this.#list, this.#drawn];
    if (!list || !drawn) return;
    this.#list = null;
    this.#drawn = null;
    const origin = list.getBoundingClientRect();
    for (const row of rowsIn(list)) {
      const before = drawn.get(row.dataset.id ?? '');
      if (!before) continue;
      copyPicture(before.picture, pictureIn(row));
      const after = boxIn(origin, row);
      if (isMotionWanted()) glide(row, before.box.left - after.left, before.box.top - after.top);
      if (isMotionWanted() && row.dataset.id === this.#id) this.#raise(row);
    }
    list.classList.remove('landing');
    // What is drawn again has been there before, and must not appear as if it were new.
    list.classList.add('ordered');
  }

  /** Above the others until it has landed. */
  #raise(row: HTMLElement): void {
    row.classList.add('lifted');
    const end = () => row.classList.remove('lifted');
    const fall = row.animate({}, { duration: TIME_MS });
    fall.onfinish = end;
    fall.oncancel = end;
  }
}
