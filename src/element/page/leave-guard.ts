/**
 * Asks before the page is left while bytes are at risk. The listener exists only as long as it has a reason, one for all
 * elements of the page: some browsers keep a page that has one out of their back-forward cache.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';

const RISKY: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing', 'waiting']);

/** Whether leaving the page would break something off; what another tab sends goes on there. */
export const isAtRisk = ({ state, reason }: UploadSnapshot): boolean => RISKY.has(state) && reason !== 'other-tab';

/** What is uploaded by each list that was last seen to have something at risk. */
const owners = new Map<object, () => readonly UploadSnapshot[]>();
let bag: AbortController | null = null;

/** An upload may have ended since the last rendering, and its page may leave as soon as it hears so. */
const ask = (event: BeforeUnloadEvent): void => {
  if ([...owners.values()].some((uploads) => uploads().some(isAtRisk))) event.preventDefault();
};

/** Says for one of the page's lists whether any of it is at risk. */
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
