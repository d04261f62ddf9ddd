/** A lifted file: where it came from, where it is, and how the others make room for it. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { Rank, RankOf } from './movable.js';
import { clamp, type Place, type Places, type Point, type Range } from './places.js';

const translate = ({ style }: HTMLElement, { x, y }: Point): void => {
  const text = x === 0 && y === 0 ? '' : `${x}px ${y}px`;
  if (style.translate !== text) style.translate = text;
};

const STILL: Point = { x: 0, y: 0 };

export class Lift {
  readonly id: string;
  readonly name: string;
  /** The point of the row that the pointer holds; null when keys move it. */
  grab: Point | null = null;
  readonly #ranks: ReadonlyMap<string, Rank>;
  #ids: readonly string[] = [];
  #from = 0;
  #range: Range = { first: 0, last: 0 };
  #to = 0;

  private constructor({ id, name }: UploadSnapshot, shown: readonly UploadSnapshot[], rank: RankOf) {
    this.id = id;
    this.name = name;
    this.#ranks = new Map(shown.map((upload) => [upload.id, rank(upload)]));
    this.#locate(shown);
    this.#to = this.#from;
  }

  /** Null for a file that is not on the list. */
  static of(id: string, shown: readonly UploadSnapshot[], rank: RankOf): Lift | null {
    const upload = shown.find((other) => other.id === id);
    return upload ? new Lift(upload, shown, rank) : null;
  }

  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#to;
  }

  set to(index: number) {
    this.#to = clamp(index, this.#range.first, this.#range.last);
  }

  /** The places of files of the same rank, among which it can be moved. */
  get range(): Range {
    return this.#range;
  }

  /** The files in the order in which they were when this one was lifted; what was added since comes last. */
  hold(shown: readonly UploadSnapshot[]): readonly UploadSnapshot[] {
    const isSame = shown.length === this.#ids.length && shown.every(({ id }, index) => id === this.#ids[index]);
    if (isSame) return shown;
    const places = new Map(this.#ids.map((id, index) => [id, index]));
    const placeOf = ({ id }: UploadSnapshot) => places.get(id) ?? places.size;
    const held = [...shown].sort((a, b) => placeOf(a) - placeOf(b));
    this.#locate(held);
    this.to = this.#to;
    return held;
  }

  /** Its new index among all other uploads; null where it stays. */
  indexAmong(uploads: readonly UploadSnapshot[]): number | null {
    const [from, to] = [this.#from, this.#to];
    if (to === from) return null;
    const shown = this.#ids.filter((id) => id !== this.id);
    const others = uploads.flatMap(({ id }) => (id === this.id ? [] : id));
    const after = others.indexOf(shown[to - 1] ?? '') + 1;
    const before = others.indexOf(shown[to] ?? '');
    return to > from || before < 0 ? after : before;
  }

  /** Puts the rendered rows where they belong now, with the pointer at this point of the window. */
  arrange(places: Places, pointer: Point): void {
    const lifted = places.at(this.#from);
    if (!lifted) return;
    const held = this.grab && this.#heldAt(places, lifted, this.grab, pointer);
    if (held) this.to = places.over(this.#from, lifted, held, this.#range);
    const { left, top } = places.landing(this.#from, this.#to, lifted);
    const { x, y } = held ?? { x: left, y: top };
    for (const [index, { element }] of places) {
      const isLifted = index === this.#from;
      element.classList.toggle('lifted', isLifted);
      if (isLifted) translate(element, { x: x - lifted.left, y: y - lifted.top });
      else translate(element, places.shifted(index, this.#from, this.#to, lifted) ?? STILL);
    }
  }

  /** The top left corner of the row under the pointer, which stays within the list. */
  #heldAt({ list, isGrid }: Places, lifted: Place, grab: Point, pointer: Point): Point {
    const { left, top } = list.getBoundingClientRect();
    const x = clamp(pointer.x - left - grab.x, 0, list.offsetWidth - lifted.width);
    const y = clamp(pointer.y - top - grab.y, 0, list.offsetHeight - lifted.height);
    return { x: isGrid ? x : lifted.left, y };
  }

  #locate(shown: readonly UploadSnapshot[]): void {
    this.#ids = shown.map(({ id }) => id);
    this.#from = this.#ids.indexOf(this.id);
    const rank = this.#ranks.get(this.id);
    const isSame = (index: number) => this.#ranks.get(this.#ids[index] ?? '') === rank;
    let [first, last] = [this.#from, this.#from];
    while (isSame(first - 1)) first -= 1;
    while (isSame(last + 1)) last += 1;
    this.#range = { first, last };
  }
}
