/**
 * Asks before the page is left during uploads. The listener exists only while needed, one for all elements of the page,
 * because some browsers exclude pages with such a listener from their back-forward cache.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';

const RISKY: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing', 'waiting']);

/** Whether leaving the page would interrupt the upload; another tab's upload continues there. */
export const isAtRisk = ({ state, reason }: UploadSnapshot): boolean => RISKY.has(state) && reason !== 'other-tab';

/** The uploads of each list that had something at risk when last checked. */
const owners = new Map<object, () => readonly UploadSnapshot[]>();
let bag: AbortController | null = null;

/** Checked again, because an upload may have ended since the last rendering, and its page may leave on that event. */
const ask = (event: BeforeUnloadEvent): void => {
  if ([...owners.values()].some((uploads) => uploads().some(isAtRisk))) event.preventDefault();
};

/** Tells the guard about the uploads of one list. */
export const guardLeaving = (owner: object, uploads: () => readonly UploadSnapshot[]): void => {
  if (uploads().some(isAtRisk)) owners.set(owner, uploads);
  else owners.delete(owner);
  if (owners.size === 0) {
    bag?.abort();
    bag = null;
  } else if (bag === null) {
    bag = new AbortController();
    addEventListener('beforeunload', ask, { signal: bag.signal });
  }
};
