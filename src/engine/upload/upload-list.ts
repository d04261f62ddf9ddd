/** The uploads in the order they came, what they add up to, and who may begin next. Knows no events and no network. */

import type { AggregateProgress, UploadSnapshot } from './snapshot.js';
import type { Upload } from './upload.js';
import { isTerminal } from './upload-state.js';

/** Files above this many bytes take many requests; the rest have a window of their own, so that none of them starves. */
const SMALL_FILE = 8 * 2 ** 20;

/** Files below this many bytes are those that a protocol may send or mint many of in one request. */
const TINY_FILE = 4 * 2 ** 20;

/** How many uploads may be between admission and end: few enough that grants stay fresh, enough that no slot idles. */
const WINDOW = { big: 6, small: 24, tiny: 24 } as const;

type Weight = keyof typeof WINDOW;

const weightOf = ({ facts }: Upload): Weight => {
  if (facts.size > SMALL_FILE) return 'big';
  return facts.size < TINY_FILE ? 'tiny' : 'small';
};

type Totals = ReturnType<typeof addUp>;

const addUp = (snapshots: readonly UploadSnapshot[]) => {
  const sum = {
    total: 0,
    done: 0,
    failed: 0,
    canceled: 0,
    pending: 0,
    totalBytes: 0,
    sentBytes: 0,
    confirmedBytes: 0,
    weighted: 0,
  };
  for (const { state, size, sentBytes, confirmedBytes, ratio } of snapshots) {
    sum.total += 1;
    sum[isTerminal(state) ? state : 'pending'] += 1;
    if (state === 'canceled') continue;
    sum.totalBytes += size;
    sum.sentBytes += sentBytes;
    sum.confirmedBytes += confirmedBytes;
    // An empty file still is one file: it weighs as much as a byte.
    sum.weighted += ratio * Math.max(size, 1);
  }
  return sum;
};

export class UploadList {
  readonly #uploads = new Map<string, Upload>();
  readonly #ready = { big: new Set<Upload>(), small: new Set<Upload>(), tiny: new Set<Upload>() };
  readonly #running = { big: 0, small: 0, tiny: 0 };
  /** As they were counted: what a page makes of a file may have another size. */
  readonly #counted = new Map<Upload, Weight>();
  /** Null when something has changed since they were asked for; so are the totals. */
  #snapshots: readonly UploadSnapshot[] | null = null;
  #totals: Totals | null = null;

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
    this.touch();
  }

  /** Puts the upload at this place, whether it is on the list or not. Those that wait for their turn keep to the order. */
  place(upload: Upload, index: number): void {
    const others = [...this.#uploads.values()].filter((other) => other !== upload);
    others.splice(Math.max(0, Math.trunc(index)), 0, upload);
    this.#uploads.clear();
    for (const other of others) this.#uploads.set(other.id, other);
    const ready = this.#ready[weightOf(upload)];
    if (ready.has(upload)) this.#ready[weightOf(upload)] = new Set(others.filter((other) => ready.has(other)));
    this.touch();
  }

  remove(upload: Upload): void {
    this.#uploads.delete(upload.id);
    this.unready(upload);
    this.touch();
  }

  [Symbol.iterator](): Iterator<Upload> {
    return this.#uploads.values();
  }

  /** Something that snapshots show has changed. */
  touch(): void {
    this.#snapshots = null;
    this.#totals = null;
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
    this.touch();
  }

  /** Takes the next upload that may begin; it counts as running until `ended`. */
  next(batchWindow?: number): Upload | null {
    for (const weight of ['tiny', 'small', 'big'] as const) {
      const window = weight === 'tiny' ? (batchWindow ?? WINDOW.tiny) : WINDOW[weight];
      if (this.#running[weight] >= window) continue;
      for (const upload of this.#ready[weight]) {
        this.#ready[weight].delete(upload);
        this.#running[weight] += 1;
        this.#counted.set(upload, weight);
        return upload;
      }
    }
    return null;
  }

  ended(upload: Upload): void {
    this.#running[this.#counted.get(upload) ?? weightOf(upload)] -= 1;
    this.#counted.delete(upload);
  }

  /** All uploads together, at the speed measured over all of them. */
  aggregate(bytesPerSecond: number): AggregateProgress {
    this.#totals ??= addUp(this.snapshots);
    const { weighted, ...sum } = this.#totals;
    const active = sum.total - sum.canceled;
    const isDone = active > 0 && sum.done === active;
    const left = sum.totalBytes - sum.sentBytes;
    return Object.freeze({
      ...sum,
      ratio: isDone ? 1 : Math.min(weighted / Math.max(sum.totalBytes, active, 1), 0.999),
      bytesPerSecond,
      remainingMs: bytesPerSecond >= 1 && sum.pending > 0 ? (left / bytesPerSecond) * 1000 : null,
    });
  }
}
