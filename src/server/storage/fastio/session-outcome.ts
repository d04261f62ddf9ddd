/** Interprets the status of a `/current/` session, in both generations of the API. */

import { FAILED_STATUSES, type SessionDetails } from '../../../wire/fastio.js';

/**
 * - `stored`: the file has an id. Older servers report `stored`; newer ones stay at `complete`, with the id.
 * - `unnamed`: assembled, but without an id. Older servers continue to `stored`; newer ones may never report the id.
 * - `failed`: the final status of a failure.
 * - `running`: any other status, including unknown ones.
 */
export type SessionOutcome = 'stored' | 'unnamed' | 'failed' | 'running';

/** After this many milliseconds as `unnamed`, the server will not report the id. */
export const UNNAMED_MS = 15_000;

export const outcomeOf = ({ status, fileId }: Pick<SessionDetails, 'status' | 'fileId'>): SessionOutcome => {
  if (FAILED_STATUSES.has(status)) return 'failed';
  if (status !== 'stored' && status !== 'complete') return 'running';
  return fileId === undefined ? 'unnamed' : 'stored';
};
