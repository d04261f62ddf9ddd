/**
 * Keeps the rows of a long list where they are while people look at them: a file stays among the running ones for up to
 * a second after it is stored, and while the list is scrolled nothing changes places.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { newsRank, type Rank, type RankOf } from './movable.js';

/** How long stored files keep their places among the running ones, in milliseconds. */
const RECENT_MS = 1_000;

export class SteadyRanks {
  /** Ranks of the files that come before their places on the list. */
  #ranks = new Map<string, Rank>();
  /** Where those files are on the list, in its order. */
  #indexes: readonly number[] = [];
  /** When the places among the running files were last given up. */
  #since = Number.NEGATIVE_INFINITY;

  of(uploads: readonly UploadSnapshot[], isScrolled: boolean, now: number): RankOf {
    if (!isScrolled) this.#rank(uploads, now);
    return ({ id }) => this.#ranks.get(id) ?? 2;
  }

  /** What needs the user comes first, then running files, in their order. */
  arrange(uploads: readonly UploadSnapshot[]): readonly UploadSnapshot[] {
    const indexes = this.#indexesIn(uploads);
    if (indexes.length === 0) return uploads;
    const ahead = indexes.flatMap((index) => uploads[index] ?? []);
    const ranked = ([0, 1] as const).map((rank) => ahead.filter(({ id }) => this.#ranks.get(id) === rank));
    const rest = [...indexes, uploads.length].map((index, nth) => uploads.slice((indexes[nth - 1] ?? -1) + 1, index));
    return ([] as UploadSnapshot[]).concat(...ranked, ...rest);
  }

  /** Looks for the files only after some have come, gone or changed places: the list may be long. */
  #indexesIn(uploads: readonly UploadSnapshot[]): readonly number[] {
    const ranks = this.#ranks;
    const isAhead = (index: number) => ranks.has(uploads[index]?.id ?? '');
    if (this.#indexes.length !== ranks.size || !this.#indexes.every(isAhead)) {
      this.#indexes = [...uploads.keys()].filter(isAhead);
    }
    return this.#indexes;
  }

  #rank(uploads: readonly UploadSnapshot[], now: number): void {
    const isOver = now - this.#since >= RECENT_MS;
    if (isOver) this.#since = now;
    const ranks = new Map<string, Rank>();
    const recent: string[] = [];
    const indexes: number[] = [];
    let isAnyRunning = false;
    uploads.forEach((upload, index) => {
      const { id, state } = upload;
      const rank = newsRank(upload);
      if (rank === 1) isAnyRunning = true;
      const isRecent = rank === 2 && !isOver && state === 'done' && this.#ranks.get(id) === 1;
      if (rank === 2 && !isRecent) return;
      indexes.push(index);
      ranks.set(id, rank === 2 ? 1 : rank);
      if (isRecent) recent.push(id);
    });
    for (const id of isAnyRunning ? [] : recent) ranks.delete(id);
    this.#ranks = ranks;
    this.#indexes = indexes;
  }
}
