/** What the status of a `/current/` session means, in both generations of the API. */

import { FAILED_STATUSES, type SessionDetails } from '../../../wire/fastio.js';

/**
 * - `stored`: the file has its id. Older servers say `stored`; newer ones stay at `complete`, with the id.
 * - `unnamed`: assembled, but without an id. Older servers go on to `stored`; newer ones may never tell the id.
 * - `failed`: nothing follows.
 * - `running`: anything else, words that are not known among it.
 */
export type SessionOutcome = 'stored' | 'unnamed' | 'failed' | 'running';

export const outcomeOf = ({ status, fileId }: Pick<SessionDetails, 'status' | 'fileId'>): SessionOutcome => {
  if (FAILED_STATUSES.has(status)) return 'failed';
  if (status !== 'stored' && status !== 'complete') return 'running';
  return fileId === undefined ? 'unnamed' : 'stored';
};
