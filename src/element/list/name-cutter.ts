/**
 * Marks names that do not fit, so that styles can show their ending and cut the middle. The text stays complete for
 * search, selection and assistive technology.
 */

import type { LitElement, ReactiveController } from 'lit';

/** A folder with less room, in heights of a letter, is left out, because only dots of it would show. */
const MIN_FOLDER_EMS = 2.5;

/** What to write; measured before anything is written, so that many names need one layout. */
interface Cut {
  readonly file: HTMLElement;
  readonly whole: HTMLElement;
  readonly folder: HTMLElement | null;
  /** Pixels of the beginning of the name, which ends with a letter; null where the whole name has room. */
  readonly head: number | null;
  readonly hidesFolder: boolean;
}

const textIn = (node: Element): Text | null =>
  [...node.childNodes].find((child): child is Text => child instanceof Text && child.data !== '') ?? null;

/** The number of letters, without a blank at their end, that are not wider than `room`. */
const lettersIn = (room: number, name: string, most: number, widthOf: (from: number, to: number) => number): number => {
  let [fits, tooMany] = [0, most + 1];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (widthOf(0, middle) <= room) fits = middle;
    else tooMany = middle;
  }
  return name.slice(0, fits).trimEnd().length;
};

/** Less than one while a tile grows to its size; rounded, because one of the two widths has whole pixels. */
const scaleOf = (element: HTMLElement): number => {
  const scale = element.getBoundingClientRect().width / element.offsetWidth;
  return Math.abs(scale - 1) < 0.01 ? 1 : scale;
};

const measure = (frame: Element): Cut | null => {
  const file = frame.querySelector<HTMLElement>('.file');
  const whole = file?.querySelector<HTMLElement>('.whole');
  const text = whole && textIn(whole);
  if (!file || !whole || !text) return null;
  const range = document.createRange();
  const scale = scaleOf(file);
  const widthOf = (from: number, to: number): number => {
    range.setStart(text, from);
    range.setEnd(text, to);
    return range.getBoundingClientRect().width / scale;
  };
  const { data: name, length } = text;
  const em = Number.parseFloat(getComputedStyle(whole).fontSize);
  const folder = frame.querySelector<HTMLElement>('.folder');
  const left = frame.clientWidth - widthOf(0, length);
  const hidesFolder = folder !== null && left < Math.min(folder.scrollWidth, MIN_FOLDER_EMS * em);
  if (left >= 0) return { file, whole, folder, head: null, hidesFolder };
  const start = length - (file.dataset.tail ?? '').length;
  // In no font the dots are wider than a letter is high.
  const room = frame.clientWidth - widthOf(start, length) - em;
  return { file, whole, folder, head: widthOf(0, lettersIn(room, name, start, widthOf)), hidesFolder };
};

const write = ({ file, whole, folder, head, hidesFolder }: Cut): void => {
  file.classList.toggle('cut', head !== null);
  whole.style.inlineSize = head === null ? '' : `${head}px`;
  if (folder) folder.style.inlineSize = hidesFolder ? '0' : '';
  // A title that repeats the visible text would be spoken twice.
  file.title = head === null ? '' : (whole.textContent ?? '');
};

export class NameCutter implements ReactiveController {
  readonly #host: LitElement;
  /** The names by their frames, as they were measured. */
  #observed = new WeakMap<Element, { readonly whole: Element | null; readonly name: string | null }>();
  /** Reports sizes after layout, when reading them is free. The width of a frame does not depend on its text. */
  #observer: ResizeObserver | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observed = new WeakMap();
  }

  /** A name that has left the list is reported once more, and would be looked at in each later frame. */
  #forget(frame: Element): null {
    this.#observed.delete(frame);
    this.#observer?.unobserve(frame);
    return null;
  }

  hostUpdated(): void {
    this.#observer ??= new ResizeObserver((entries) => {
      const cuts = entries.flatMap(({ target }) => (target.isConnected ? measure(target) : this.#forget(target)) ?? []);
      for (const cut of cuts) write(cut);
    });
    for (const frame of this.#host.renderRoot.querySelectorAll('.name')) {
      const whole = frame.querySelector('.whole');
      const name = whole?.textContent ?? null;
      const before = this.#observed.get(frame);
      if (before?.whole === whole && before?.name === name) continue;
      this.#observed.set(frame, { whole, name });
      // Reported again, though its size is the same.
      this.#observer.unobserve(frame);
      this.#observer.observe(frame);
    }
  }
}
