/** The uploads in their order, their aggregate progress, and which may start next. Emits no events, uses no network. */

import { Totals } from './progress/totals.js';
import type { AggregateProgress, UploadSnapshot } from './snapshot.js';
import type { Upload } from './upload.js';
import { isTerminal } from './upload-state.js';

/**
 * Files above this many bytes take many requests; smaller ones have a limit of their own, so that neither kind starves.
 */
const SMALL_FILE = 8 * 2 ** 20;

/** Files below this many bytes may be batched: a protocol can send or grant many of them with one request. */
const TINY_FILE = 4 * 2 ** 20;

/** Uploads that may be open at once, by weight: few enough that grants stay fresh, enough that no slot idles. */
export const MAX_OPEN = { big: 6, small: 24, tiny: 24 } as const;

type Weight = keyof typeof MAX_OPEN;

const weightOf = ({ facts }: Upload): Weight => {
  if (facts.size > SMALL_FILE) return 'big';
  return facts.size < TINY_FILE ? 'tiny' : 'small';
};

/** Paused until the user chooses its file again; such an upload does not delay `queue-complete`. */
const needsUser = ({ state, file }: Upload): boolean => state.kind === 'paused' && file === null;

/** Uploads that may be open at once, by weight. */
export type MaxOpen = Readonly<Record<Weight, number>>;

/** An upload that may start. */
export interface Turn {
  readonly upload: Upload;
  /** Call once when its run ends. It counts by its size at the start, which `prepare` may change meanwhile. */
  readonly end: () => void;
}

export class UploadList {
  readonly #uploads = new Map<string, Upload>();
  readonly #ready = { big: new Set<Upload>(), small: new Set<Upload>(), tiny: new Set<Upload>() };
  readonly #running = { big: 0, small: 0, tiny: 0 };
  /** The snapshot with which each upload is part of the totals. */
  readonly #counted = new Map<Upload, UploadSnapshot>();
  readonly #totals = new Totals();
  /** Uploads that changed since they were counted. */
  readonly #changed = new Set<Upload>();
  /** Uploads that delay `queue-complete`. */
  readonly #unsettled = new Set<Upload>();
  #lastCreatedAt = 0;
  #version = 0;
  /** Index of each upload in `#snapshots`. */
  readonly #indexes = new Map<Upload, number>();
  /** Uploads that changed since the snapshots were last asked for. */
  readonly #stale = new Set<Upload>();
  /** Null after an upload left or changed places. */
  #snapshots: readonly UploadSnapshot[] | null = null;

  get(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  has(id: string): boolean {
    return this.#uploads.has(id);
  }

  /** False once it is removed, although another with its id may have been restored. */
  holds(upload: Upload): boolean {
    return this.get(upload.id) === upload;
  }

  /** Rises when an upload is added, leaves, fails, is canceled, loses its file, or begins again. */
  get version(): number {
    return this.#version;
  }

  /** The upload with this id, if any; all without an id. A copy, so it stays the same while the list changes. */
  chosen(id?: string): Upload[] {
    return id === undefined ? [...this] : [this.get(id)].filter((upload) => upload !== undefined);
  }

  add(upload: Upload): void {
    // Files that are added together have one time.
    upload.createdAt = Math.max(upload.createdAt, this.#lastCreatedAt + 1);
    this.#lastCreatedAt = upload.createdAt;
    this.#uploads.set(upload.id, upload);
    this.#version += 1;
    this.#unsettled.add(upload);
    this.touch(upload);
  }

  /**
   * Puts uploads at these indexes one after the other, whether they are on the list or not. The queue follows the new
   * order. Returns the uploads whose `createdAt` changed.
   */
  place(places: ReadonlyMap<Upload, number>): Upload[] {
    const order = [...this].filter((upload) => !places.has(upload));
    for (const [upload, index] of places) order.splice(Math.max(0, Math.trunc(index)), 0, upload);
    this.#uploads.clear();
    this.#snapshots = null;
    this.#version += 1;
    for (const upload of order) this.#uploads.set(upload.id, upload);
    for (const upload of places.keys()) {
      const weight = weightOf(upload);
      const ready = this.#ready[weight];
      if (ready.has(upload)) this.#ready[weight] = new Set(order.filter((other) => ready.has(other)));
      this.touch(upload);
    }
    const times = order.map(({ createdAt }) => createdAt).sort((a, b) => a - b);
    return order.filter((upload, index) => {
      const { createdAt } = upload;
      upload.createdAt = times[index] ?? createdAt;
      return upload.createdAt !== createdAt;
    });
  }

  remove(upload: Upload): void {
    if (!this.#uploads.delete(upload.id)) return;
    this.#version += 1;
    this.unready(upload);
    const counted = this.#counted.get(upload);
    if (counted) this.#totals.subtract(counted);
    this.#counted.delete(upload);
    this.#changed.delete(upload);
    this.#stale.delete(upload);
    this.#unsettled.delete(upload);
    this.#snapshots = null;
  }

  [Symbol.iterator](): Iterator<Upload> {
    return this.#uploads.values();
  }

  /** Call after a change that the snapshot shows. */
  touch(upload: Upload): void {
    if (this.#uploads.get(upload.id) !== upload) return;
    this.#changed.add(upload);
    this.#stale.add(upload);
    const { kind } = upload.state;
    const isSettled = isTerminal(kind) || needsUser(upload);
    if (isSettled !== this.#unsettled.has(upload)) return;
    if (kind !== 'done') this.#version += 1;
    if (isSettled) this.#unsettled.delete(upload);
    else this.#unsettled.add(upload);
  }

  /** True when no upload can continue without the user. */
  get isSettled(): boolean {
    return this.#unsettled.size === 0;
  }

  /** A new array after each change, in which only what has changed is written: the list may be long. */
  get snapshots(): readonly UploadSnapshot[] {
    const last = this.#snapshots;
    if (last && this.#stale.size === 0) return last;
    if (!last) this.#indexes.clear();
    const next = last?.slice() ?? [];
    for (const upload of last ? this.#stale : this) {
      const index = this.#indexes.get(upload) ?? next.length;
      this.#indexes.set(upload, index);
      next[index] = upload.snapshot;
    }
    this.#stale.clear();
    this.#snapshots = next;
    return Object.freeze(next);
  }

  /** Queues the upload. */
  ready(upload: Upload): void {
    this.#ready[weightOf(upload)].add(upload);
  }

  unready(upload: Upload): void {
    this.#ready[weightOf(upload)].delete(upload);
  }

  /** Puts a queued upload before all others, in the queue and on the list. Returns the uploads whose `createdAt` changed. */
  prioritize(upload: Upload): Upload[] {
    const first = [...this].findIndex(({ state }) => state.kind === 'queued');
    return this.place(new Map([[upload, first]]));
  }

  /** Takes the next upload that may start. */
  next(maxOpen: MaxOpen = MAX_OPEN): Turn | null {
    for (const weight of ['tiny', 'small', 'big'] as const) {
      if (this.#running[weight] >= maxOpen[weight]) continue;
      for (const upload of this.#ready[weight]) {
        this.#ready[weight].delete(upload);
        this.#running[weight] += 1;
        const end = () => {
          this.#running[weight] -= 1;
        };
        return { upload, end };
      }
    }
    return null;
  }

  /** Progress of all uploads together, at the given speed. */
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
