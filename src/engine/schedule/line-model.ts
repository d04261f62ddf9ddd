/**
 * What is known of the way to one origin, and how many requests it should carry. Pure: it is told what happened, and when.
 * It counts bytes that the server has confirmed, because what a socket has taken may still be lost.
 */

import { KiB } from '../../lib/byte-size.js';

export interface LineModel {
  /** Data requests that may run at once. */
  readonly lanes: number;
  /** Confirmed bytes per second, all requests together; 0 while unknown. */
  readonly goodput: number;
  /** How much of what is measured is known, from 0 to 1: the first measurements count in full. */
  readonly weight: number;
  /** Bytes per second of one request while its body is on the way; 0 while unknown. */
  readonly laneRate: number;
  /** Milliseconds between a request and its answer, bodies left out; 0 while unknown. */
  readonly roundTripMs: number;
  /** Largest part that may go next, in bytes: it grows with what arrives. */
  readonly largestPart: number;
  /** Milliseconds between failures; Infinity while there was none. */
  readonly uptimeMs: number;
  /** When the line began to carry bytes after its last failure; null until then. */
  readonly upSince: number | null;
  readonly failedAt: number;
  /** Largest part that was confirmed, in bytes. */
  readonly provenPart: number;
  readonly round: Round;
  /** What fewer lanes had achieved, while more are being tried. */
  readonly before: { readonly lanes: number; readonly goodput: number; readonly isDoubted: boolean } | null;
  /** Until then no further lane is tried. */
  readonly holdUntil: number;
  readonly holdMs: number;
}

/** Requests that ran since the number of lanes was last changed. */
interface Round {
  readonly since: number;
  readonly requests: number;
  readonly ms: number;
  /** Bytes, each request's times the number of requests beside it. */
  readonly volume: number;
}

/** One request that the server has confirmed. */
export interface Confirmation {
  readonly startedAt: number;
  readonly now: number;
  readonly bytes: number;
  /** Data requests in flight meanwhile, on average, this one included. */
  readonly concurrency: number;
  /** Most lanes that the protocol and the size of the bodies make sense of. */
  readonly most: number;
}

/** One request that ended without an answer. */
export interface Failure {
  readonly startedAt: number;
  readonly now: number;
  /** Size of the body. */
  readonly bytes: number;
  /** As far as the browser tells. */
  readonly sentBytes: number;
}

/** Browsers open so many connections to an origin over HTTP/1.1. */
export const CONNECTIONS = 6;
/** A part smaller than this costs more in requests than it saves. */
export const SMALLEST_PART = 128 * KiB;

const FIRST_PART = 256 * KiB;
/** A part may be larger than what has arrived by this much; less once the line has failed. */
const GROWTH = { untroubled: 64, troubled: 1.25 } as const;
/** Another lane has to bring this much more. */
const GAIN = 1.05;
/** More lanes than connections are tried while requests take less than this: longer ones wait for bytes, not for answers. */
const QUICK_MS = 1_000;
/** How long a number of lanes is kept after more brought nothing: longer each time. */
const HOLD_MS = { first: 5_000, longest: 60_000 } as const;
/** Bodies whose progress is hidden have moved, if they were under way for longer. */
const BLIND_MS = 5_000;
/** Longest round trip that is believed without a small request to show it. */
const UNKNOWN_TRIP_MS = 200;
/** After this many milliseconds a change of the line shows to about two thirds. */
const MEMORY_MS = 3_000;

/** How much of what an earlier page measured counts beside new measurements. */
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
  round: { since: Number.NEGATIVE_INFINITY, ...EMPTY_ROUND },
  before: null,
  holdUntil: 0,
  holdMs: HOLD_MS.first,
};

/** A small request was answered: the shortest time counts, and is forgotten slowly, because all others waited somewhere. */
export const answered = (line: LineModel, durationMs: number): LineModel => {
  const { roundTripMs } = line;
  const ms = Math.max(durationMs, 1);
  if (roundTripMs !== 0 && ms > roundTripMs * 2) return line;
  return { ...line, roundTripMs: roundTripMs === 0 ? ms : Math.min(roundTripMs * 1.01, ms) };
};

export const confirmed = (line: LineModel, done: Confirmation): LineModel => {
  const { startedAt, now, bytes, concurrency } = done;
  const ms = Math.max(now - startedAt, 1);
  // Where there are no small requests, the smallest bodies tell.
  const roundTripMs = line.roundTripMs === 0 ? Math.min(ms, UNKNOWN_TRIP_MS) : Math.min(line.roundTripMs, ms);
  // Of a small body the round trip is most of the time, so this says little of the rate.
  const bodyMs = Math.max(ms - roundTripMs, ms / 4);
  const growth = line.uptimeMs === Number.POSITIVE_INFINITY ? GROWTH.untroubled : GROWTH.troubled;
  // Requests beside each other share their time.
  const fade = Math.exp(-ms / Math.max(concurrency, 1) / MEMORY_MS);
  const weight = line.weight * fade + 1 - fade;
  const blend = (known: number, sample: number) => known + ((sample - known) * (1 - fade)) / weight;
  const laneSample = bytes >= SMALLEST_PART || line.laneRate === 0 ? (bytes * 1000) / bodyMs : line.laneRate;
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
  const { since } = line.round;
  // The first requests also open their connections, so they say nothing of the lanes.
  if (since === UNKNOWN_LINE.round.since) return withLanes(learned, line.lanes, now);
  return startedAt < since ? learned : judge(learned, done, ms);
};

/** After a round of requests: whether more lanes were worth it, and whether to try more. */
const judge = (line: LineModel, { now, bytes, concurrency, most }: Confirmation, ms: number): LineModel => {
  // Where there was not enough to send, nothing is learnt of the lanes.
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
  // The page may have been busy with other things: a second round decides.
  if (bringsNothing && !before.isDoubted)
    return { ...withLanes(line, lanes, now), before: { ...before, isDoubted: true } };
  if (bringsNothing) {
    const holdMs = Math.min(line.holdMs * 2, HOLD_MS.longest);
    return { ...withLanes(line, before.lanes, now), holdUntil: now + line.holdMs, holdMs };
  }
  const isSlow = lanes >= CONNECTIONS && next.ms > QUICK_MS * next.requests;
  if (lanes >= most || now < line.holdUntil || isSlow) return withLanes(line, lanes, now);
  const more = Math.min(most, lanes < CONNECTIONS ? Math.min(lanes * 2, CONNECTIONS) : lanes * 4);
  return { ...withLanes(line, more, now), before: { lanes, goodput, isDoubted: false } };
};

/** A new round begins. */
const withLanes = (line: LineModel, lanes: number, since: number): LineModel => ({
  ...line,
  lanes,
  before: null,
  round: { since, ...EMPTY_ROUND },
});

/** A request broke. What breaks together counts once: it was one failure of the line. */
export const failed = (line: LineModel, { startedAt, now, bytes, sentBytes }: Failure): LineModel => {
  if (startedAt < line.failedAt) return line;
  const isUnproven = line.upSince === null;
  const isUnreachable = sentBytes === 0 && now - startedAt < BLIND_MS;
  const lanes = isUnproven && !isUnreachable ? Math.max(1, Math.floor(line.lanes / 2)) : line.lanes;
  const next = { ...withLanes(line, lanes, now), failedAt: now, upSince: null };
  // An origin that could not be reached says nothing of the line once it can.
  if (isUnreachable) return next;
  const upMs = now - (line.upSince ?? startedAt);
  const isTooLarge = isUnproven || bytes > line.provenPart;
  return {
    ...next,
    uptimeMs: line.uptimeMs === Number.POSITIVE_INFINITY ? upMs : (line.uptimeMs + upMs) / 2,
    largestPart: isTooLarge
      ? Math.max(SMALLEST_PART, isUnproven ? 0 : line.provenPart, Math.min(line.largestPart, bytes) / 2)
      : line.largestPart,
  };
};

/** The server asked for less; `running` requests were in flight. */
export const throttled = (line: LineModel, running: number, now: number): LineModel => ({
  ...withLanes(line, Math.max(1, Math.floor(Math.min(line.lanes, running) / 2)), now),
  holdUntil: now,
});

const KEPT = ['lanes', 'goodput', 'laneRate', 'roundTripMs', 'largestPart', 'uptimeMs'] as const;

/** What a later page may go by. */
export const memoryOf = (line: LineModel): Readonly<Record<string, number>> =>
  Object.fromEntries(KEPT.flatMap((name) => (Number.isFinite(line[name]) ? [[name, line[name]]] : [])));

/** The model that an earlier page left, as far as it makes sense; the first measurements soon count for more. */
export const recalled = (memory: Readonly<Record<string, number>>): LineModel => {
  const kept = Object.fromEntries(KEPT.flatMap((name) => ((memory[name] ?? 0) > 0 ? [[name, memory[name]]] : [])));
  const { lanes, largestPart, ...line }: LineModel = { ...UNKNOWN_LINE, ...kept, weight: RECALLED_WEIGHT };
  return {
    ...line,
    lanes: Math.min(Math.max(1, Math.floor(lanes)), CONNECTIONS),
    // The network may be another one.
    largestPart: Math.min(Math.max(largestPart, SMALLEST_PART), RECALLED_PART),
  };
};
