/** Delays requests to keep within the server's rate limit, instead of being answered 429. */

import type { Clock } from '../../ports/clock.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { RateLimitWindow } from '../../wire/rate-limit-window.js';

/** Longer waits throw `rate-limited`, so that the engine waits and shows it. In milliseconds. */
const SILENT_MS = 2000;

export interface TurnOptions extends CallOptions {
  /** Waits however long it takes. @default false */
  readonly isPatient?: boolean;
}

export class RateLimiter {
  readonly #clock: Clock;
  readonly #window = new RateLimitWindow();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `request` when the rate limit allows it. @throws UploadError `rate-limited` when the wait is long. */
  async run(request: () => Promise<WireResponse>, options: TurnOptions): Promise<WireResponse> {
    const end = await this.#turn(options);
    const response = await request().finally(end);
    const header = (name: string) => response.header(name);
    const moment = { now: this.#clock.now(), wallNow: this.#clock.wallNow() };
    this.#window.update({ status: response.status, header }, moment);
    return response;
  }

  /** Waits, counts the request, and returns the function to call when it ends. */
  async #turn({ signal, isPatient = false }: TurnOptions): Promise<() => void> {
    const renew = () => this.#window.renew(this.#clock.now());
    for (let ms = renew(); ms > 0; ms = renew()) {
      if (!isPatient && ms > SILENT_MS) {
        throw new UploadError('rate-limited', 'the rate limit is used up', { retryAfterMs: ms });
      }
      await this.#clock.delay(ms, { signal });
    }
    // In the same tick as `renew`, so that no other request takes the turn.
    return this.#window.begin(this.#clock.now());
  }
}
