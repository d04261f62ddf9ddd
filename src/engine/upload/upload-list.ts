/** The uploads in the order they came, what they add up to, and who may begin next. Knows no events and no network. */

import { Totals } from './progress/totals.js';
import type { AggregateProgress, UploadSnapshot } from './snapshot.js';
import type { Upload } from './upload.js';
import { isTerminal } from './upload-state.js';

/** Files above this many bytes take many requests; the rest have a window of their own, so that none of them starves. */
const SMALL_FILE = 8 * 2 ** 20;

/** Files below this many bytes are those that a protocol may send or mint many of in one request. */
const TINY_FILE = 4 * 2 ** 20;

/** How many uploads may be between admission and end: few enough that grants stay fresh, enough that no slot idles. */
export const WINDOWS = { big: 6, small: 24, tiny: 24 } as const;

type Weight = keyof typeof WINDOWS;

const weightOf = ({ facts }: Upload): Weight => {
  if (facts.size > SMALL_FILE) return 'big';
  return facts.size < TINY_FILE ? 'tiny' : 'small';
};

/** Nothing moves it on but the user: it does not keep the queue from being complete. */
const needsUser = ({ state, file }: Upload): boolean => state.kind === 'paused' && file === null;

/** Uploads that may be open at once, by the weight of their files. */
export type Windows = Readonly<Record<Weight, number>>;

export class UploadList {
  readonly #uploads = new Map<string, Upload>();
  readonly #ready = { big: new Set<Upload>(), small: new Set<Upload>(), tiny: new Set<Upload>() };
  readonly #running = { big: 0, small: 0, tiny: 0 };
  /** As they were admitted: what a page makes of a file may have another size. */
  readonly #weights = new Map<Upload, Weight>();
  /** What each upload has been counted as. */
  readonly #counted = new Map<Upload, UploadSnapshot>();
  readonly #totals = new Totals();
  /** Uploads that have changed since they were counted. */
  readonly #changed = new Set<Upload>();
  /** Uploads that keep the queue from being complete. */
  readonly #unsettled = new Set<Upload>();
  /** Null when something has changed since they were asked for. */
  #snapshots: readonly UploadSnapshot[] | null = null;

  get(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  has(id: string): boolean {
    return this.#uploads.has(id);
  }

  /** The one with this id, if it is there; all without an id. They stay the same ones while the list changes. */
  chosen(id?: string): Upload[] {
    return id === undefined ? [...this] : [this.get(id)].filter((upload) => upload !== undefined);
  }

  add(upload: Upload): void {
    this.#uploads.set(upload.id, upload);
    this.touch(upload);
  }

  /**
   * Puts one upload after the other at its place, whether it is on the list or not. Those that wait for their turn keep to
   * the order.
   */
  place(places: ReadonlyMap<Upload, number>): void {
    const order = [...this.#uploads.values()].filter((upload) => !places.has(upload));
    for (const [upload, index] of places) order.splice(Math.max(0, Math.trunc(index)), 0, upload);
    this.#uploads.clear();
    for (const upload of order) this.#uploads.set(upload.id, upload);
    for (const upload of places.keys()) {
      const weight = weightOf(upload);
      const ready = this.#ready[weight];
      if (ready.has(upload)) this.#ready[weight] = new Set(order.filter((other) => ready.has(other)));
      this.touch(upload);
    }
    this.#snapshots = null;
  }

  remove(upload: Upload): void {
    if (!this.#uploads.delete(upload.id)) return;
    this.unready(upload);
    const counted = this.#counted.get(upload);
    if (counted) this.#totals.subtract(counted);
    this.#counted.delete(upload);
    this.#changed.delete(upload);
    this.#unsettled.delete(upload);
    this.#snapshots = null;
  }

  [Symbol.iterator](): Iterator<Upload> {
    return this.#uploads.values();
  }

  /** Something that the snapshot of an upload shows has changed. */
  touch(upload: Upload): void {
    if (this.#uploads.get(upload.id) !== upload) return;
    this.#changed.add(upload);
    this.#snapshots = null;
    if (isTerminal(upload.state.kind) || needsUser(upload)) this.#unsettled.delete(upload);
    else this.#unsettled.add(upload);
  }

  /** Whether nothing is left to do that goes on without the user. */
  get isSettled(): boolean {
    return this.#unsettled.size === 0;
  }

  get snapshots(): readonly UploadSnapshot[] {
    this.#snapshots ??= Object.freeze(Array.from(this.#uploads.values(), (upload) => upload.snapshot));
    return this.#snapshots;
  }

  /** The upload waits for its turn. */
  ready(upload: Upload): void {
    this.#ready[weightOf(upload)].add(upload);
  }

  unready(upload: Upload): void {
    this.#ready[weightOf(upload)].delete(upload);
  }

  /** Puts an upload before all others that wait for their turn, on the list as well as in the turn itself. */
  prioritize(upload: Upload): void {
    const weight = weightOf(upload);
    if (this.#ready[weight].delete(upload)) this.#ready[weight] = new Set([upload, ...this.#ready[weight]]);
    const others = [...this.#uploads.values()].filter((other) => other !== upload);
    const first = others.findIndex(({ state }) => state.kind === 'queued');
    if (first < 0) return;
    this.#uploads.clear();
    for (const moved of [...others.slice(0, first), upload, ...others.slice(first)]) this.#uploads.set(moved.id, moved);
    this.#snapshots = null;
  }

  /** Takes the next upload that may begin; it counts as running until `ended`. */
  next(windows: Windows = WINDOWS): Upload | null {
    for (const weight of ['tiny', 'small', 'big'] as const) {
      if (this.#running[weight] >= windows[weight]) continue;
      for (const upload of this.#ready[weight]) {
        this.#ready[weight].delete(upload);
        this.#running[weight] += 1;
        this.#weights.set(upload, weight);
        return upload;
      }
    }
    return null;
  }

  ended(upload: Upload): void {
    this.#running[this.#weights.get(upload) ?? weightOf(upload)] -= 1;
    this.#weights.delete(upload);
  }

  /** All uploads together, at the speed measured over all of them. */
  aggregate(bytesPerSecond: number): AggregateProgress {
    for (const upload of this.#changed) {
      const counted = this.#counted.get(upload);
      if (counted) this.#totals.subtract(counted);
      this.#totals.add(upload.snapshot);
      this.#counted.set(upload, upload.snapshot);
    }
    this.#changed.clear();
    return this.#totals.aggregate(bytesPerSecond);
  }
}
