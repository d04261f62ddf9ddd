/** Decides which files can be moved on the list, and in which order the list shows them. Pure. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { MANY } from '../list/list-filter.js';
import { SHORT } from '../list/list-window.js';

/** What a row has to know of moving. */
export interface RowOrder {
  readonly isMovable: (upload: UploadSnapshot) => boolean;
  /** The file that is being moved. */
  readonly liftedId: string | null;
}

/** Failed files and those that need the user, then running ones, then the rest. */
export type Rank = 0 | 1 | 2;

const isRunning = (state: UploadSnapshot['state']): boolean =>
  state !== 'queued' && state !== 'done' && state !== 'canceled' && state !== 'paused' && state !== 'failed';

const newsRank = ({ id, state, reason }: UploadSnapshot, recent: ReadonlySet<string>): Rank => {
  if (state === 'failed' || (state === 'paused' && reason !== 'user')) return 0;
  return recent.has(id) || isRunning(state) ? 1 : 2;
};

/** How long files keep their places among the running ones, in milliseconds. */
const RECENT_MS = 1_000;

/**
 * Files that were running within about the last second. In a long list of small files they stay beside those that run
 * now, so that there is time to read them, and so that rows do not change places in every rendering.
 */
export class RecentRuns {
  readonly #ids = new Set<string>();
  #since = Number.NEGATIVE_INFINITY;

  /** Their ids; none in a list that is short, or in which nothing runs any more. */
  of(uploads: readonly UploadSnapshot[], now: number): ReadonlySet<string> {
    const running = uploads.length > SHORT ? uploads.filter(({ state }) => isRunning(state)) : [];
    if (running.length === 0 || now - this.#since >= RECENT_MS) {
      this.#ids.clear();
      this.#since = now;
    }
    for (const { id } of running) this.#ids.add(id);
    return this.#ids;
  }
}

/** In a longer list some files may be out of sight, together with the button that a failed one needs. */
const FEW = 3;

export type RankOf = (upload: UploadSnapshot) => Rank;

/** What needs the user comes first, unless all files are in sight; in a list longer than the screen, so do running ones. */
export const rankFor = ({ length }: readonly UploadSnapshot[], recent: ReadonlySet<string> = new Set()): RankOf => {
  if (length > MANY) return (upload) => newsRank(upload, recent);
  return length > FEW ? (upload) => (newsRank(upload, recent) === 0 ? 0 : 2) : () => 2;
};

export const newsFirst = (uploads: readonly UploadSnapshot[], rank: RankOf): readonly UploadSnapshot[] => {
  const ranked: Record<Rank, UploadSnapshot[]> = { 0: [], 1: [], 2: [] };
  for (const upload of uploads) ranked[rank(upload)].push(upload);
  if (ranked[0].length + ranked[1].length === 0) return uploads;
  return [...ranked[0], ...ranked[1], ...ranked[2]];
};

export interface MeaningOfOrder {
  readonly inForm: boolean;
  readonly stored: ReadonlyMap<string | null, unknown>;
  readonly rank: RankOf;
}

/**
 * Files of a form's value, and those beside stored ones, are in an order that is kept. Elsewhere the order is that in
 * which files start, so only those that have not started can be moved. A file can be moved among those of its rank.
 */
export const movableIn = (
  shown: readonly UploadSnapshot[],
  { inForm, stored, rank }: MeaningOfOrder,
): ((upload: UploadSnapshot) => boolean) | null => {
  const hasMeaning = ({ state }: UploadSnapshot) => inForm || stored.size > 0 || state === 'queued';
  const counts: Record<Rank, number> = { 0: 0, 1: 0, 2: 0 };
  for (const upload of shown) if (hasMeaning(upload)) counts[rank(upload)] += 1;
  if (Math.max(counts[0], counts[1], counts[2]) < 2) return null;
  return (upload) => hasMeaning(upload) && counts[rank(upload)] > 1;
};
