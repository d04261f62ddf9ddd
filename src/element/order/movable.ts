/** Decides which files can be moved on the list, and in which order the list shows them. Pure. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { MANY } from '../list/list-filter.js';

/** What a row has to know of moving. */
export interface RowOrder {
  readonly isMovable: (upload: UploadSnapshot) => boolean;
  /** The file that is being moved. */
  readonly liftedId: string | null;
}

/** Failed files and those that need the user, then running ones, then the rest. */
export type Rank = 0 | 1 | 2;
export type RankOf = (upload: UploadSnapshot) => Rank;

export const newsRank = ({ state, reason }: UploadSnapshot): Rank => {
  if (state === 'failed' || (state === 'paused' && reason !== 'user')) return 0;
  return state === 'queued' || state === 'done' || state === 'canceled' || state === 'paused' ? 2 : 1;
};

/** In a longer list some files may be out of sight, together with the button that a failed one needs. */
const FEW = 3;

/** What needs the user comes first, unless all files are in sight; in a list longer than the screen, so do running ones. */
export const rankFor = ({ length }: readonly UploadSnapshot[]): RankOf => {
  if (length > MANY) return newsRank;
  return length > FEW ? (upload) => (newsRank(upload) === 0 ? 0 : 2) : () => 2;
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
 * `shown` is in the order of ranks, so that two of the last rank end the count.
 */
export const movableIn = (
  shown: readonly UploadSnapshot[],
  { inForm, stored, rank }: MeaningOfOrder,
): ((upload: UploadSnapshot) => boolean) | null => {
  const hasMeaning = ({ state }: UploadSnapshot) => inForm || stored.size > 0 || state === 'queued';
  const counts: Record<Rank, number> = { 0: 0, 1: 0, 2: 0 };
  for (const upload of shown) {
    if (hasMeaning(upload)) counts[rank(upload)] += 1;
    if (counts[2] > 1) break;
  }
  if (Math.max(counts[0], counts[1], counts[2]) < 2) return null;
  return (upload) => hasMeaning(upload) && counts[rank(upload)] > 1;
};
