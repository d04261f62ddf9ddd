/** Keeps requests inside the budget that answers tell of, so that they wait here instead of being refused there. */

import type { Clock } from '../../ports/clock.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { RequestWindow } from '../../wire/request-window.js';

/** A longer wait is handed to the engine, which shows it. */
const SILENT_MS = 2000;

export interface TurnOptions extends CallOptions {
  /** Wait as long as it takes. @default false */
  readonly isPatient?: boolean;
}

export class RateLimiter {
  readonly #clock: Clock;
  readonly #window = new RequestWindow();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `request` when its turn comes. @throws UploadError `rate-limited` when that would take long. */
  async run(request: () => Promise<WireResponse>, options: TurnOptions): Promise<WireResponse> {
    const end = await this.#turn(options);
    const response = await request().finally(end);
    const header = (name: string) => response.header(name);
    const moment = { now: this.#clock.now(), wallNow: this.#clock.wallNow() };
    this.#window.heed({ status: response.status, header }, moment);
    return response;
  }

  /** Answers what is called when the request is over. */
  async #turn({ signal, isPatient = false }: TurnOptions): Promise<() => void> {
    const waitMs = () => this.#window.waitMs(this.#clock.now());
    for (let ms = waitMs(); ms > 0; ms = waitMs()) {
      if (!isPatient && ms > SILENT_MS) {
        throw new UploadError('rate-limited', 'the budget of requests is used up', { retryAfterMs: ms });
      }
      await this.#clock.delay(ms, { signal });
    }
    // At once, before another request looks.
    return this.#window.begin(this.#clock.now());
  }
}
