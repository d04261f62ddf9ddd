/**
 * Limits of the plans. Documented: the figures of free, pro and business (the vendor's agent guides), four megabytes
 * for a single request, the batch limits, one mebibyte as the smallest chunk and three chunks in flight. Assumed: that
 * megabyte and gigabyte are binary, and the figures of `none`, which cannot upload.
 */

import { MiB } from '../../lib/byte-size.js';

/** `none`: no plan, or its credits are used up; every upload is answered 402. */
export type Plan = 'none' | 'free' | 'pro' | 'business';

/** Sizes are in bytes. */
export interface PlanLimits {
  /** Largest chunk. */
  readonly chunkSize: number;
  /** Largest file. */
  readonly size: number;
  /** Maximum number of chunks of a session. */
  readonly chunks: number;
  /** Maximum number of unfinished sessions. */
  readonly sessions: number;
  /** Maximum sum of the sizes that unfinished sessions declare. */
  readonly sessionsSizeMax: number;
}

const GiB = 2 ** 30;

const FREE: PlanLimits = {
  chunkSize: 100 * MiB,
  size: GiB,
  chunks: 35,
  sessions: 150,
  sessionsSizeMax: Math.floor(6.6 * GiB),
};
const PRO: PlanLimits = { ...FREE, size: 25 * GiB, chunks: 550, sessions: 7500, sessionsSizeMax: 160 * GiB };
const BUSINESS: PlanLimits = { ...PRO, size: 50 * GiB, sessionsSizeMax: 320 * GiB };

export const PLANS: Readonly<Record<Plan, PlanLimits>> = { none: FREE, free: FREE, pro: PRO, business: BUSINESS };

/** For every chunk but the last; the limits answer does not contain it. */
export const MIN_CHUNK_BYTES = MiB;
export const MAX_CHUNKS_IN_FLIGHT = 3;
/** Inclusive, as in the vendor's tables and client; the vendor's prose has "below". */
export const MAX_SINGLE_BYTES = 4 * MiB;
export const MAX_BATCH_FILES = 200;
export const MAX_BATCH_BYTES = 100 * MiB;
