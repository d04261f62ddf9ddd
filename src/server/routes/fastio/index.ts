/**
 * The relay for the `/current/` upload API: an allow-list of operations and of fields. What is not named here does not
 * exist for the browser, listing and deleting all sessions of the key among it.
 */

import type { Route } from '../../route.js';
import { batch } from './batch.js';
import { chunk, chunks } from './chunk.js';
import { algorithms, limits } from './limits.js';
import { open } from './open.js';
import { complete, details, forget } from './session.js';

/** Fixed names before `:id`, which would take them for one. */
export const FASTIO_ROUTES: readonly Route[] = [
  limits,
  algorithms,
  batch,
  open,
  chunk,
  chunks,
  details,
  complete,
  forget,
];
