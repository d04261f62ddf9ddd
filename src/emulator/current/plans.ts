/**
 * What each plan allows. Documented are the figures of free, pro and business (the vendor's agent guides), the four
 * megabytes of a single request, the batch limits, one mebibyte as the least chunk and three chunks in flight. Assumed:
 * that megabyte and gigabyte are binary, and what `none` allows, which uploads nothing anyway.
 */

import { MiB } from '../../lib/byte-size.js';

/** `none`: there is no plan or its credits are gone, and every upload is refused with 402. */
export type Plan = 'none' | 'free' | 'pro' | 'business';

/** In bytes where it is a size. */
export interface PlanLimits {
  /** Largest chunk. */
  readonly chunkSize: number;
  /** Largest file. */
  readonly size: number;
  /** Most chunks of one session. */
  readonly chunks: number;
  /** Most sessions that are not finished. */
  readonly sessions: number;
  /** Most that the unfinished sessions declare together. */
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

/** Holds for every chunk but the last; the limits answer does not carry it. */
export const MIN_CHUNK_BYTES = MiB;
export const MAX_CHUNKS_IN_FLIGHT = 3;
/** Inclusive; prose of the vendor says below, its tables and client say up to. */
export const MAX_SINGLE_BYTES = 4 * MiB;
export const MAX_BATCH_FILES = 200;
export const MAX_BATCH_BYTES = 100 * MiB;
