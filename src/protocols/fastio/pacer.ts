/**
 * Keeps requests inside the budget that answers tell of, so that they wait here instead of being refused there. A budget
 * is a number of requests until a moment; both header families tell it (sources: the vendor's client, the SvelteKit
 * article).
 */

import type { Clock } from '../../ports/clock.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { MAX_RETRY_AFTER_MS, parseInstant, readBackoff } from '../../wire/headers.js';

/** A longer wait is handed to the engine, which shows it. */
const SILENT_MS = 2000;
/** A window of which nothing was heard yet, and a refusal that does not say how long, count as this long. */
const UNKNOWN_MS = 1000;
/** A page's clock nearer than this to the server's is right: the server's header is cut to seconds. */
const SAME_CLOCK_MS = 2000;

export interface TurnOptions extends CallOptions {
  /** Wait as long as it takes. @default false */
  readonly isPatient?: boolean;
}

export class Pacer {
  readonly #clock: Clock;
  /** Requests that may still begin before `#resetAt`. */
  #allowed = Number.POSITIVE_INFINITY;
  #perWindow = Number.POSITIVE_INFINITY;
  /** On the clock that never jumps. */
  #resetAt = 0;
  /** The end of the window in the server's words, which tells windows apart. */
  #toldReset = 0;
  #inFlight = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `request` when its turn comes. @throws UploadError `rate-limited` when that would take long. */
  async run(request: () => Promise<WireResponse>, options: TurnOptions): Promise<WireResponse> {
    await this.#turn(options);
    this.#allowed -= 1;
    this.#inFlight += 1;
    let response: WireResponse;
    try {
      response = await request();
    } finally {
      this.#inFlight -= 1;
    }
    this.#heed(response);
    return response;
  }

  async #turn({ signal, isPatient = false }: TurnOptions): Promise<void> {
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
      if (!isPatient && waitMs > SILENT_MS) {
        throw new UploadError('rate-limited', 'the budget of requests is used up', { retryAfterMs: waitMs });
      }
      await this.#clock.delay(waitMs, { signal });
    }
  }

  #waitMs(): number {
    if (this.#allowed > 0) return 0;
    const now = this.#clock.now();
    if (now < this.#resetAt) return this.#resetAt - now;
    this.#allowed = this.#perWindow;
    this.#resetAt = now + UNKNOWN_MS;
    return 0;
  }

  #heed(response: WireResponse): void {
    const header = (name: string) => response.header(name);
    const serverNow = this.#serverNow(header('date'));
    if (response.status === 429) {
      this.#allowed = 0;
      this.#resetAt = Math.max(this.#resetAt, this.#clock.now() + (readBackoff(header, serverNow) ?? UNKNOWN_MS));
      return;
    }
    const available = toCount(header('x-ve-limit-avail') ?? header('x-rate-limit-available'));
    const reset = parseInstant(header('x-ve-limit-expires') ?? header('x-rate-limit-expiry'));
    if (available === undefined || reset === undefined || reset < this.#toldReset) return;
    this.#perWindow = toCount(header('x-ve-limit-max') ?? header('x-rate-limit-max')) ?? this.#perWindow;
    if (reset === this.#toldReset) {
      this.#allowed = Math.min(this.#allowed, available);
      return;
    }
    // What is in flight may not be in the server's count yet.
    this.#allowed = available - this.#inFlight;
    this.#toldReset = reset;
    this.#resetAt = this.#clock.now() + Math.min(Math.max(reset - serverNow, 0), MAX_RETRY_AFTER_MS);
  }

  /** Milliseconds since 1970, by the server's clock where that is far from the page's. */
  #serverNow(date: string | null): number {
    const ours = this.#clock.wallNow();
    const theirs = parseInstant(date) ?? ours;
    return Math.abs(theirs - ours) < SAME_CLOCK_MS ? ours : theirs;
  }
}

const toCount = (value: string | null): number | undefined => {
  const count = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(count) ? count : undefined;
};
