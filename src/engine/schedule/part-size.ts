/** Computes the size of the next part of an upload. Pure. */

import { type LineModel, MIN_PART_BYTES } from './line-model.js';

export interface PartRequest {
  readonly line: LineModel;
  readonly now: number;
  /** Bytes that no part covers yet. */
  readonly rest: number;
  /** Unsent bytes of the parts in flight. */
  readonly underWay: number;
  /** Requests that the upload may have in flight. */
  readonly lanes: number;
}

/** Longest time to send what is in flight: a line that breaks loses at most this much. */
const IN_FLIGHT_MS = 10_000;
/** The same limit as a share of the time that the line stayed up. */
const SHARE_OF_UPTIME = 1 / 12;
/** Parts of the least size must arrive within this share of the uptime. */
const ARRIVES_WITHIN = 1 / 2;
/**
 * Aimed duration of a part, or in round trips where that is longer: between two parts a lane idles for one round trip.
 * The first round trip measured may be three times too long, because it opens a connection and asks for CORS.
 */
const PART_MS = 3_000;
const PART_ROUND_TRIPS = 15;
/** Shortest aimed duration, in round trips. */
const MIN_ROUND_TRIPS = 8;
/** Share of a lane's remaining bytes in one part, so that smaller parts are left to let all lanes end together. */
const SHARE_OF_REST = 0.6;

/** Bytes, before the limits of the session are applied. */
export const wishedPartSize = ({ line, now, rest, underWay, lanes }: PartRequest): number => {
  const { laneRate, roundTripMs, largestPart } = line;
  // All lanes end together when each takes an equal share of the unsent bytes.
  const share = (rest + underWay) / lanes;
  if (laneRate === 0) return Math.max(Math.min(share, largestPart), MIN_PART_BYTES);
  const partMs = Math.max(PART_MS, PART_ROUND_TRIPS * roundTripMs);
  const part = (laneRate * partMs) / 1000;
  // A remainder no larger than one part is not split.
  const even = share <= part ? share : Math.min(part, share * SHARE_OF_REST);
  const least = Math.max(MIN_PART_BYTES, (laneRate * roundTripMs) / 1000);
  return Math.max(Math.min(even, largestPart, inFlightBytes(line, now) / lanes), least);
};

/** How long the line stays up, as far as it is known. */
const seenUpMs = ({ uptimeMs, upSince }: LineModel, now: number): number =>
  Math.max(uptimeMs, upSince === null ? 0 : now - upSince);

/** Most bytes that should be in flight at once. */
export const inFlightBytes = (line: LineModel, now: number): number => {
  const { goodput, roundTripMs } = line;
  const ms = Math.max(Math.min(IN_FLIGHT_MS, seenUpMs(line, now) * SHARE_OF_UPTIME), MIN_ROUND_TRIPS * roundTripMs);
  return (goodput * ms) / 1000;
};

/** Most lanes with which parts of `smallest` bytes arrive before an unstable line breaks; Infinity on a stable line. */
export const lanesWithRoom = (line: LineModel, now: number, smallest: number): number => {
  const { goodput, uptimeMs } = line;
  if (uptimeMs === Number.POSITIVE_INFINITY || goodput === 0 || smallest === 0) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor((goodput * seenUpMs(line, now) * ARRIVES_WITHIN) / 1000 / smallest));
};
