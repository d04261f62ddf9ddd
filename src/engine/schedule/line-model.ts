/**
 * Models the line to one origin, and how many requests it should carry. Pure: callers pass events with their times.
 * Only bytes that the server confirmed count, because bytes that the socket accepted may still be lost.
 */

import { KiB } from '../../lib/byte-size.js';

export interface LineModel {
  /** Data requests that may run at once. */
  readonly lanes: number;
  /** Confirmed bytes per second, all requests together; 0 while unknown. */
  readonly goodput: number;
  /** Weight of the past measurements, from 0 to 1; low at first, so that the first ones count in full. */
  readonly weight: number;
  /** Bytes per second of one request while its body is being sent; 0 while unknown. */
  readonly laneRate: number;
  /** Milliseconds between a request without a body and its answer; 0 while unknown. */
  readonly roundTripMs: number;
  /** Largest part to send next, in bytes; grows as parts are confirmed. */
  readonly largestPart: number;
  /** Milliseconds between failures; Infinity while there was none. */
  readonly uptimeMs: number;
  /** Start of the first confirmed request after the last failure; null until then. */
  readonly upSince: number | null;
  readonly failedAt: number;
  /** Largest part that was confirmed, in bytes. */
  readonly provenPart: number;
  readonly round: Round;
  /** The result of fewer lanes, while more are being tried. */
  readonly before: { readonly lanes: number; readonly goodput: number; readonly isDoubted: boolean } | null;
  /** No further lanes are tried before this time. */
  readonly holdUntil: number;
  readonly holdMs: number;
}

/** Requests since the number of lanes last changed. */
interface Round {
  /** Infinity before the first confirmation. */
  readonly since: number;
  readonly requests: number;
  readonly ms: number;
  /** Sum of each request's bytes times its concurrency. */
  readonly volume: number;
}

/** One request that the server has confirmed. */
export interface Confirmation {
  readonly startedAt: number;
  readonly now: number;
  readonly bytes: number;
  /** Data requests in flight meanwhile, on average, this one included. */
  readonly concurrency: number;
  /** Most lanes for this kind of connection and size of body. */
  readonly most: number;
}

/** One request that ended without an answer. */
export interface Failure {
  readonly startedAt: number;
  readonly now: number;
  /** Size of the body. */
  readonly bytes: number;
  /** As far as the browser reports it. */
  readonly sentBytes: number;
}

/** Connections that browsers open to one origin over HTTP/1.1. */
export const CONNECTIONS = 6;
/** Below this size the overhead of a request outweighs the gain. */
export const MIN_PART_BYTES = 128 * KiB;

const FIRST_PART = 256 * KiB;
/**
 * Factor by which the next part may exceed the last confirmed one; smaller once the line has failed. On slow lines the
 * aimed duration of a part is the lower limit.
 */
const GROWTH = { untroubled: 256, troubled: 1.25 } as const;
/** Factor of goodput that more lanes must reach to be kept. */
const GAIN = 1.05;
/**
 * More lanes than connections are tried only while requests take less than this: longer ones are limited by bandwidth.
 */
const QUICK_MS = 1_000;
/** Time without another try after more lanes gained nothing; doubles each time, up to the maximum. */
const FIRST_HOLD_MS = 5_000;
const MAX_HOLD_MS = 60_000;
/** A request whose progress is hidden counts as having sent bytes after this many milliseconds. */
const BLIND_MS = 5_000;
/** Upper bound of a round trip that is estimated from a body, in milliseconds. */
const UNKNOWN_TRIP_MS = 200;
/**
 * The first requests take about this many round trips: to open a connection, to ask for CORS, and their own. The round
 * trip is measured with one of them.
 */
const FIRST_TRIPS = 3;
/** Time constant of the averages: after it they reflect about two thirds of a change. */
const MEMORY_MS = 3_000;

/** Weight of an earlier page's measurements. */
const RECALLED_WEIGHT = 0.1;
const RECALLED_PART = 4096 * KiB;

const EMPTY_ROUND = { requests: 0, ms: 0, volume: 0 } as const;

export const UNKNOWN_LINE: LineModel = {
  lanes: CONNECTIONS,
  goodput: 0,
  weight: 0,
  laneRate: 0,
  roundTripMs: 0,
  largestPart: FIRST_PART,
  uptimeMs: Number.POSITIVE_INFINITY,
  upSince: null,
  failedAt: Number.NEGATIVE_INFINITY,
  provenPart: 0,
  round: { since: Number.POSITIVE_INFINITY, ...EMPTY_ROUND },
  before: null,
  holdUntil: 0,
  holdMs: FIRST_HOLD_MS,
};

/**
 * Updates the round trip from a small request: the minimum counts, since longer times include queueing; it decays
 * slowly.
 */
export const answered = (line: LineModel, durationMs: number): LineModel => {
  const { roundTripMs } = line;
  const ms = Math.max(durationMs, 1);
  if (roundTripMs !== 0 && ms > roundTripMs * 2) return line;
  return { ...line, roundTripMs: roundTripMs === 0 ? ms : Math.min(roundTripMs * 1.01, ms) };
};

export const confirmed = (line: LineModel, done: Confirmation): LineModel => {
  const { startedAt, now, bytes, concurrency } = done;
  const ms = Math.max(now - startedAt, 1);
  // Without small requests the round trip is estimated from the smallest bodies.
  const roundTripMs = line.roundTripMs === 0 ? Math.min(ms, UNKNOWN_TRIP_MS) : Math.min(line.roundTripMs, ms);
  const { since } = line.round;
  // A small body's time is mostly round trip, so it measures the rate poorly. A request from before the present round
  // may have opened its connection.
  const bodyMs = Math.max(ms - roundTripMs / (startedAt < since ? 1 : FIRST_TRIPS), ms / 4);
  const growth = line.uptimeMs === Number.POSITIVE_INFINITY ? GROWTH.untroubled : GROWTH.troubled;
  // Parallel requests share their time, so each counts for less of it.
  const fade = Math.exp(-ms / Math.max(concurrency, 1) / MEMORY_MS);
  const weight = line.weight * fade + 1 - fade;
  const blend = (known: number, sample: number) => known + ((sample - known) * (1 - fade)) / weight;
  const laneSample = bytes >= MIN_PART_BYTES || line.laneRate === 0 ? (bytes * 1000) / bodyMs : line.laneRate;
  const learned: LineModel = {
    ...line,
    roundTripMs,
    weight,
    goodput: blend(line.goodput, (bytes * concurrency * 1000) / ms),
    laneRate: blend(line.laneRate, laneSample),
    largestPart: bytes * 2 >= line.largestPart ? Math.max(line.largestPart, bytes * growth) : line.largestPart,
    provenPart: Math.max(line.provenPart, bytes),
    upSince: line.upSince ?? startedAt,
  };
  // The first requests include opening connections, so they are not used to judge the lanes.
  if (since === UNKNOWN_LINE.round.since) return withLanes(learned, line.lanes, now);
  return startedAt < since ? learned : judge(learned, done, ms);
};

/** Estimated bytes of a request that have arrived `ms` milliseconds after it began. */
export const arrivedBytes = (line: LineModel, ms: number): number =>
  (line.laneRate * Math.max(ms - line.roundTripMs / FIRST_TRIPS, 0)) / 1000;

/** Decides after a round of requests whether to keep the number of lanes, go back, or try more. */
const judge = (line: LineModel, { now, bytes, concurrency, most }: Confirmation, ms: number): LineModel => {
  // Skipped when there was not enough to send to use the lanes.
  if (concurrency < line.lanes * 0.75) return line;
  const { round, before, lanes } = line;
  const next: Round = {
    ...round,
    requests: round.requests + 1,
    ms: round.ms + ms,
    volume: round.volume + bytes * concurrency,
  };
  if (next.requests < Math.max(lanes, 3)) return { ...line, round: next };
  const goodput = (next.volume * 1000) / next.ms;
  const bringsNothing = before !== null && goodput < before.goodput * GAIN;
  // A busy page also lowers goodput, so a second round decides.
  if (bringsNothing && !before.isDoubted)
    return { ...withLanes(line, lanes, now), before: { ...before, isDoubted: true } };
  if (bringsNothing) {
    const holdMs = Math.min(line.holdMs * 2, MAX_HOLD_MS);
    return { ...withLanes(line, before.lanes, now), holdUntil: now + line.holdMs, holdMs };
  }
  const isSlow = lanes >= CONNECTIONS && next.ms > QUICK_MS * next.requests;
  if (lanes >= most || now < line.holdUntil || isSlow) return withLanes(line, lanes, now);
  const more = Math.min(most, lanes < CONNECTIONS ? Math.min(lanes * 2, CONNECTIONS) : lanes * 4);
  return { ...withLanes(line, more, now), before: { lanes, goodput, isDoubted: false } };
};

/** Starts a new round with this number of lanes. */
const withLanes = (line: LineModel, lanes: number, since: number): LineModel => ({
  ...line,
  lanes,
  before: null,
  round: { since, ...EMPTY_ROUND },
});

/** Records a failed request. Requests that were in flight together count as one failure of the line. */
export const failed = (line: LineModel, { startedAt, now, bytes, sentBytes }: Failure): LineModel => {
  if (startedAt < line.failedAt) return line;
  const isUnproven = line.upSince === null;
  const isUnreachable = sentBytes === 0 && now - startedAt < BLIND_MS;
  const lanes = isUnproven && !isUnreachable ? Math.max(1, Math.floor(line.lanes / 2)) : line.lanes;
  const next = { ...withLanes(line, lanes, now), failedAt: now, upSince: null };
  // An unreachable origin says nothing about the line.
  if (isUnreachable) return next;
  const upMs = now - (line.upSince ?? startedAt);
  const isTooLarge = isUnproven || bytes > line.provenPart;
  return {
    ...next,
    uptimeMs: line.uptimeMs === Number.POSITIVE_INFINITY ? upMs : (line.uptimeMs + upMs) / 2,
    largestPart: isTooLarge
      ? Math.max(MIN_PART_BYTES, isUnproven ? 0 : line.provenPart, Math.min(line.largestPart, bytes) / 2)
      : line.largestPart,
  };
};

/** The server throttled while `running` requests were in flight. */
export const throttled = (line: LineModel, running: number, now: number): LineModel => ({
  ...withLanes(line, Math.max(1, Math.floor(Math.min(line.lanes, running) / 2)), now),
  holdUntil: now,
});

const KEPT = ['lanes', 'goodput', 'laneRate', 'roundTripMs', 'largestPart', 'uptimeMs'] as const;

type LineMemory = Readonly<Record<string, number>>;

/** The values that a later page can start with: those that are known. */
export const memoryOf = (line: Partial<Pick<LineModel, (typeof KEPT)[number]>>): LineMemory =>
  Object.fromEntries(
    KEPT.map((name) => [name, line[name] ?? 0] as const).filter(([, value]) => value > 0 && value < Infinity),
  );

/** The model from an earlier page's values, with a low weight, so that new measurements soon outweigh them. */
export const recalled = (memory: LineMemory): LineModel => {
  const { lanes, largestPart, ...line }: LineModel = { ...UNKNOWN_LINE, ...memoryOf(memory), weight: RECALLED_WEIGHT };
  return {
    ...line,
    lanes: Math.min(Math.max(1, Math.floor(lanes)), CONNECTIONS),
    // The network may have changed.
    largestPart: Math.min(Math.max(largestPart, MIN_PART_BYTES), RECALLED_PART),
  };
};
