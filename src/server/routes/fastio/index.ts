/**
 * The relay for the `/current/` upload API: an allow-list of operations and fields. The browser cannot call any other
 * operation, such as listing or deleting all sessions of the key.
 */

import type { Route } from '../../route.js';
import { batch } from './batch.js';
import { chunk, chunks } from './chunk.js';
import { algorithms, limits } from './limits.js';
import { open } from './open.js';
import { complete, details, forget } from './session.js';

/** Fixed names come before `:id`, which matches them too. */
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
