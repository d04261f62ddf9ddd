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
  /** When the places among the running files were last given up. */
  #since = Number.NEGATIVE_INFINITY;

  of(uploads: readonly UploadSnapshot[], isScrolled: boolean, now: number): RankOf {
    if (!isScrolled) this.#rank(uploads, now);
    return ({ id }) => this.#ranks.get(id) ?? 2;
  }

  #rank(uploads: readonly UploadSnapshot[], now: number): void {
    const isOver = now - this.#since >= RECENT_MS;
    if (isOver) this.#since = now;
    const ranks = new Map<string, Rank>();
    const recent: string[] = [];
    let isAnyRunning = false;
    for (const upload of uploads) {
      const { id, state } = upload;
      const rank = newsRank(upload);
      if (rank === 1) isAnyRunning = true;
      if (rank < 2) ranks.set(id, rank);
      else if (!isOver && state === 'done' && this.#ranks.get(id) === 1) recent.push(id);
    }
    if (isAnyRunning) for (const id of recent) ranks.set(id, 1);
    this.#ranks = ranks;
  }
}
