/** How large the next part of an upload should be. Pure. */

import { type LineModel, SMALLEST_PART } from './line-model.js';

export interface PartRequest {
  readonly line: LineModel;
  readonly now: number;
  /** Bytes that no part covers yet. */
  readonly rest: number;
  /** Bytes of parts under way that have still to leave. */
  readonly underWay: number;
  /** Requests that the upload may have in flight. */
  readonly lanes: number;
}

/** What is in flight takes at most this long: it is all that a broken line can cost. */
const IN_FLIGHT_MS = 10_000;
/** It also takes at most this share of the time that the line was seen to hold. */
const SHARE_OF_UPTIME = 1 / 12;
/** Parts that cannot be smaller must arrive within this share of it. */
const ARRIVES_WITHIN = 1 / 2;
/** A part takes about this long, or so many round trips: each one costs the lane a round trip of silence. */
const PART_MS = 3_000;
const PART_ROUND_TRIPS = 30;
/** The least that makes sense of a request. */
const LEAST_ROUND_TRIPS = 8;
/** What takes no longer than this share of a part is not divided any further. */
const LAST_SHARE = 1;
/** Of what a lane has still to do, so that there is something left to even out the ends with. */
const SHARE_OF_REST = 0.6;

/** Bytes; the limits of the session come on top. */
export const wishedPartSize = ({ line, now, rest, underWay, lanes }: PartRequest): number => {
  const { laneRate, roundTripMs, largestPart } = line;
  // All lanes end together when each takes its share of all that has still to leave.
  const share = (rest + underWay) / lanes;
  if (laneRate === 0) return Math.max(Math.min(share, largestPart), SMALLEST_PART);
  const partMs = Math.max(PART_MS, PART_ROUND_TRIPS * roundTripMs);
  const part = (laneRate * partMs) / 1000;
  const even = share <= part * LAST_SHARE ? share : Math.min(part, share * SHARE_OF_REST);
  const least = Math.max(SMALLEST_PART, (laneRate * roundTripMs) / 1000);
  return Math.max(Math.min(even, largestPart, inFlightBytes(line, now) / lanes), least);
};

/** Most bytes that should be on the line at once. */
export const inFlightBytes = (line: LineModel, now: number): number => {
  const { goodput, roundTripMs, uptimeMs, upSince } = line;
  const seenUpMs = Math.max(uptimeMs, upSince === null ? 0 : now - upSince);
  const ms = Math.max(Math.min(IN_FLIGHT_MS, seenUpMs * SHARE_OF_UPTIME), LEAST_ROUND_TRIPS * roundTripMs);
  return (goodput * ms) / 1000;
};

/** Lanes that leave parts of at least `smallest` bytes the time to arrive on a line that breaks; Infinity on others. */
export const lanesWithRoom = ({ goodput, uptimeMs, upSince }: LineModel, now: number, smallest: number): number => {
  if (uptimeMs === Number.POSITIVE_INFINITY || goodput === 0 || smallest === 0) return Number.POSITIVE_INFINITY;
  const seenUpMs = Math.max(uptimeMs, upSince === null ? 0 : now - upSince);
  return Math.max(1, Math.floor((goodput * seenUpMs * ARRIVES_WITHIN) / 1000 / smallest));
};
