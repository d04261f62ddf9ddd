/** Divides a file into parts of one size. Pure; parts are computed on demand, so ten thousand cost no memory. */

import { MiB } from '../../lib/byte-size.js';
import { UploadError } from '../../ports/errors.js';
import type { Part, PartLimits } from '../../ports/protocol.js';

export interface PartPlan {
  /** Bytes of the source. */
  readonly size: number;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  /** At least 1: an empty file is one empty part. */
  readonly count: number;
}

export interface PlanRequest {
  /** Bytes. */
  readonly size: number;
  readonly limits: PartLimits;
  /** The `partSize` option, in bytes. */
  readonly wanted: number | 'auto';
  /** Measured speed to the same origin; below 1 while unknown. */
  readonly bytesPerSecond: number;
  /** Requests that may run at once. */
  readonly parallel: number;
  /** Largest part that the line model allows, in bytes. @default Infinity */
  readonly largest?: number;
}

const MIN_EQUAL_PART_BYTES = MiB;
const MAX_EQUAL_PART_BYTES = 32 * MiB;
const UNMEASURED_PART_BYTES = 8 * MiB;
/** Parts that each lane should get at least, so that no lane idles while another still has two parts to send. */
const ROUNDS = 2;
/** Aimed duration of one part: a broken connection loses at most this much. */
const PART_SECONDS = 6;

/**
 * Large enough to keep the link busy, small enough that losing a part costs little. All lanes get the same number of
 * parts, so that they end together.
 */
const autoPartSize = ({ size, limits, bytesPerSecond, parallel, largest = Infinity }: PlanRequest): number => {
  const { minPartSize = MIN_EQUAL_PART_BYTES, maxPartSize = Infinity } = limits;
  const byTime = bytesPerSecond >= 1 ? (bytesPerSecond / parallel) * PART_SECONDS : UNMEASURED_PART_BYTES;
  const perLane = size / parallel;
  const least = Math.max(MIN_EQUAL_PART_BYTES, minPartSize);
  const rounds = Math.max(
    ROUNDS,
    Math.floor(perLane / Math.min(byTime, MAX_EQUAL_PART_BYTES)),
    Math.ceil(perLane / Math.min(largest, maxPartSize)),
  );
  return Math.max(least, perLane / Math.max(1, Math.min(rounds, Math.floor(perLane / least))));
};

/** @throws UploadError `too-large` when the server's limits cannot hold the file. */
export const planParts = (request: PlanRequest): PartPlan => {
  const { size, limits, wanted } = request;
  const { maxParts = Infinity, maxPartSize = Infinity } = limits;
  const wish = wanted === 'auto' ? autoPartSize(request) : Math.floor(Math.min(wanted, Number.MAX_SAFE_INTEGER));
  const partSize = limits.partSize ?? fit(wish, request);
  const count = Math.max(1, Math.ceil(size / partSize));
  if (count > maxParts || partSize > Math.max(maxPartSize, 1)) {
    throw new UploadError(
      'too-large',
      `${size} bytes do not fit into ${maxParts} parts of at most ${maxPartSize} bytes`,
    );
  }
  return { size, partSize, count };
};

/** The wish, raised until the parts are few enough and big enough, then cut to the largest part allowed. */
const fit = (wish: number, { size, limits }: PlanRequest): number => {
  const { minPartSize = 1, maxPartSize = Infinity, maxParts = Infinity } = limits;
  if (maxParts === 1) return Math.max(size, 1);
  return Math.max(1, Math.ceil(Math.min(Math.max(wish, minPartSize, size / maxParts), maxPartSize)));
};

/** The part with this number, from 1. */
export const partOf = ({ size, partSize }: PartPlan, number: number): Part => {
  const start = (number - 1) * partSize;
  return { number, start, end: Math.min(start + partSize, size) };
};
