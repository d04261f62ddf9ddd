/**
 * Pacing towards the upstream, for all users of the key together: its rate limits count by key, so one user's storm
 * would stop all others. Two bounds: requests until a moment, as its headers tell (sources: the vendor's client, the
 * concurrency article), and requests at once, which a 429 halves and successes let grow back. Who has no turn waits in
 * order; a queue that is full, or a wait that is long, is answered with 429 and `Retry-After` instead.
 */

import { RequestWindow } from '../../wire/request-window.js';
import { HttpError } from '../http/http-error.js';
import { FairQueue } from './fair-queue.js';

/** Once the bound has grown this far, it stops counting: slow clients must not use up places that are not scarce. */
const MOST_AT_ONCE = 256;
const LEAST_AT_ONCE = 2;
/** A browser gives up a mint or a part sooner than this queue empties. */
const MAX_WAITING = 256;
/** Longer than this, the browser is the better place to wait: it can show it. */
const MAX_WAIT_MS = 5000;
/**
 * What takes longer waits for its client more than for the upstream, as a chunk over a slow line does for minutes; or its
 * code was stopped, as Workers may do. A few of these must not hold up all others once a 429 has narrowed the bound.
 */
const LONGEST_BUSY_MS = 10_000;

export interface BudgetAnswer {
  readonly status: number;
  readonly headers: Headers;
}

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** A long poll costs a request but keeps no worker busy. @default false */
  readonly isPoll?: boolean;
}

export class Budget {
  #atOnce = Number.POSITIVE_INFINITY;
  /** What is under way and keeps the upstream busy, by when it began. */
  readonly #running = new Set<{ readonly begunAt: number }>();
  /** When a place was last given back. */
  #freedAt = 0;
  readonly #window = new RequestWindow();
  readonly #line = new FairQueue();

  /** Whether so many wait that no user should add many more. */
  get isCrowded(): boolean {
    return this.#line.length >= MAX_WAITING / 2;
  }

  /** Runs `request` when its turn comes. @throws HttpError 429 when that would take too long. */
  async run<Answer extends BudgetAnswer>(request: () => Promise<Answer>, options: TurnOptions): Promise<Answer> {
    const { signal = new AbortController().signal, isPoll = false } = options;
    if (this.#line.length >= MAX_WAITING || this.#pauseMs() > MAX_WAIT_MS) throw this.#busyError();
    const joinedAt = Date.now();
    const { end, leave } = await this.#line.pass(
      () => this.#waitMs(joinedAt),
      () => this.#begin(isPoll),
      signal,
    );
    try {
      const answer = await request();
      end();
      this.#heed(answer);
      return answer;
    } finally {
      end();
      leave();
    }
  }

  /** Answers what is called when the request is over. */
  #begin(isPoll: boolean): { readonly end: () => void; readonly leave: () => void } {
    const begunAt = Date.now();
    const request = { begunAt };
    if (!isPoll) this.#running.add(request);
    const leave = (): void => {
      if (this.#running.delete(request)) this.#freedAt = Date.now();
      this.#line.nudge();
    };
    return { end: this.#window.begin(begunAt), leave };
  }

  /** 0 when a request may begin. @throws HttpError 429 when nothing moves: those whose turn it is may be slow. */
  #waitMs(joinedAt: number): number {
    const pauseMs = this.#pauseMs();
    if (pauseMs > MAX_WAIT_MS) throw this.#busyError();
    if (pauseMs > 0 || this.#busy() < this.#atOnce) return pauseMs;
    const patienceMs = Math.max(joinedAt, this.#freedAt) + MAX_WAIT_MS - Date.now();
    if (patienceMs <= 0) throw this.#busyError();
    return patienceMs;
  }

  #busy(): number {
    for (const request of this.#running) {
      if (request.begunAt + LONGEST_BUSY_MS > Date.now()) break;
      this.#running.delete(request);
    }
    return this.#running.size;
  }

  #pauseMs(): number {
    return this.#window.waitMs(Date.now());
  }

  #busyError(): HttpError {
    const seconds = Math.max(1, Math.ceil(this.#pauseMs() / 1000));
    const headers = { 'Retry-After': String(seconds) };
    return new HttpError(429, 'rate-limited', 'the storage service is busy with other requests', { headers });
  }

  #heed({ status, headers }: BudgetAnswer): void {
    if (status === 429) {
      this.#atOnce = Math.max(LEAST_AT_ONCE, Math.floor(Math.min(this.#atOnce, this.#busy()) / 2));
    } else {
      this.#atOnce = this.#atOnce >= MOST_AT_ONCE ? Number.POSITIVE_INFINITY : this.#atOnce + 1 / 2;
    }
    const now = Date.now();
    this.#window.heed({ status, header: (name) => headers.get(name) }, { now, wallNow: now });
  }
}
