/**
 * Limits the requests to the upstream for all users of a key together: the upstream's rate limits count by key, so one
 * user's burst would stop all others. Two limits apply: requests per window, from the upstream's headers (sources: the
 * vendor's client, the concurrency article), and requests in flight, which a 429 halves and successes raise again.
 * Further requests wait in order; when the queue is full or the wait is long, they are answered 429 with `Retry-After`.
 */

import { RateLimitWindow } from '../../wire/rate-limit-window.js';
import { HttpError } from '../http/http-error.js';
import { FairQueue } from './fair-queue.js';

/** Above this limit requests in flight are unlimited again, so that slow clients do not block others. */
const MAX_IN_FLIGHT = 256;
const MIN_IN_FLIGHT = 2;
/** A longer queue would outlast the browser's timeouts for a grant or a part. */
const MAX_WAITING = 256;
/** Longer waits are left to the browser, which can show them. */
const MAX_WAIT_MS = 5000;
/**
 * A longer request waits for its client and not for the upstream, as a chunk over a slow line does for minutes; or its
 * code was stopped, as Workers may do. It does not count, so that a few of these cannot block all others after a 429.
 */
const MAX_BUSY_MS = 10_000;

export interface BudgetAnswer {
  readonly status: number;
  readonly headers: Headers;
}

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** A long poll counts as a request of the window, but not as one in flight. @default false */
  readonly isPoll?: boolean;
}

export class Budget {
  #maxInFlight = Number.POSITIVE_INFINITY;
  /** Requests in flight, in order of their start. */
  readonly #running = new Set<{ readonly startedAt: number }>();
  /** When a request last ended. */
  #endedAt = 0;
  readonly #window = new RateLimitWindow();
  readonly #queue = new FairQueue();

  /** Whether so many requests wait that one user should not add many more. */
  get isCrowded(): boolean {
    return this.#queue.length >= MAX_WAITING / 2;
  }

  /** Runs `request` when its turn comes. @throws HttpError 429 when the wait is too long. */
  async run<Answer extends BudgetAnswer>(request: () => Promise<Answer>, options: TurnOptions): Promise<Answer> {
    const { signal = new AbortController().signal, isPoll = false } = options;
    if (this.#queue.length >= MAX_WAITING || this.#pauseMs() > MAX_WAIT_MS) throw this.#busyError();
    const joinedAt = Date.now();
    const { end, release } = await this.#queue.pass(
      () => this.#waitMs(joinedAt),
      () => this.#start(isPoll),
      signal,
    );
    try {
      const answer = await request();
      end();
      this.#update(answer);
      return answer;
    } finally {
      end();
      release();
    }
  }

  /** Counts a request, and returns the functions to call when it ends. */
  #start(isPoll: boolean): { readonly end: () => void; readonly release: () => void } {
    const startedAt = Date.now();
    const request = { startedAt };
    if (!isPoll) this.#running.add(request);
    const release = (): void => {
      if (this.#running.delete(request)) this.#endedAt = Date.now();
      this.#queue.wakeFirst();
    };
    return { end: this.#window.begin(startedAt), release };
  }

  /** 0 when a request may start. @throws HttpError 429 when no running request has ended for `MAX_WAIT_MS`. */
  #waitMs(joinedAt: number): number {
    const pauseMs = this.#pauseMs();
    if (pauseMs > MAX_WAIT_MS) throw this.#busyError();
    if (pauseMs > 0 || this.#countRunning() < this.#maxInFlight) return pauseMs;
    const leftMs = Math.max(joinedAt, this.#endedAt) + MAX_WAIT_MS - Date.now();
    if (leftMs <= 0) throw this.#busyError();
    return leftMs;
  }

  /** The number of running requests, after dropping those that run too long. */
  #countRunning(): number {
    for (const request of this.#running) {
      if (request.startedAt + MAX_BUSY_MS > Date.now()) break;
      this.#running.delete(request);
    }
    return this.#running.size;
  }

  #pauseMs(): number {
    return this.#window.renew(Date.now());
  }

  #busyError(): HttpError {
    const seconds = Math.max(1, Math.ceil(this.#pauseMs() / 1000));
    const headers = { 'Retry-After': String(seconds) };
    return new HttpError(429, 'rate-limited', 'the storage service is busy with other requests', { headers });
  }

  #update({ status, headers }: BudgetAnswer): void {
    if (status === 429) {
      const running = Math.min(this.#maxInFlight, this.#countRunning());
      this.#maxInFlight = Math.max(MIN_IN_FLIGHT, Math.floor(running / 2));
    } else {
      this.#maxInFlight = this.#maxInFlight >= MAX_IN_FLIGHT ? Number.POSITIVE_INFINITY : this.#maxInFlight + 1 / 2;
    }
    const now = Date.now();
    this.#window.update({ status, header: (name) => headers.get(name) }, { now, wallNow: now });
  }
}
