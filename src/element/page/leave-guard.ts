/**
 * Asks before the page is left while bytes are at risk. The listener exists only as long as it has a reason, one for all
 * elements of the page: some browsers keep a page that has one out of their back-forward cache.
 */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';

const RISKY: ReadonlySet<UploadSnapshot['state']> = new Set(['preparing', 'uploading', 'finishing', 'waiting']);

/** Whether leaving the page would break something off; what another tab sends goes on there. */
export const isAtRisk = ({ state, reason }: UploadSnapshot): boolean => RISKY.has(state) && reason !== 'other-tab';

const owners = new Set<object>();
let bag: AbortController | null = null;

/** Says for one of the page's lists whether any of it is at risk. */
export const guardLeaving = (owner: object, uploads: readonly UploadSnapshot[]): void => {
  if (uploads.some(isAtRisk)) owners.add(owner);
  else owners.delete(owner);
  if (owners.size === 0) {
    bag?.abort();
    bag = null;
  } else if (bag === null) {
    bag = new AbortController();
    addEventListener('beforeunload', (event) => event.preventDefault(), { signal: bag.signal });
  }
};
