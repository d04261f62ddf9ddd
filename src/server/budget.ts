/**
 * Pacing towards the upstream, for all users of the key together: its rate limits count by key, so one user's storm
 * would stop all others. Two bounds: requests until a moment, as its headers tell (sources: the vendor's client, the
 * concurrency article), and requests at once, which a 429 halves and successes let grow back. Who has no turn waits in
 * order; a queue that is full, or a wait that is long, is answered with 429 and `Retry-After` instead.
 */

import { abortable, abortableDelay } from '../lib/abortable.js';
import { RequestWindow } from '../wire/request-window.js';
import { HttpError } from './http-error.js';

/** Once the bound has grown this far, it is none: slow clients must not use up places that nobody is short of. */
const MOST_AT_ONCE = 256;
const LEAST_AT_ONCE = 2;
/** A browser gives up a mint or a part sooner than this queue empties. */
const MAX_WAITING = 256;
/** Longer than this, the browser is the better place to wait: it can show it. */
const MAX_WAIT_MS = 5000;

export interface BudgetAnswer {
  readonly status: number;
  readonly headers: Headers;
}

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** A long poll costs a request but keeps nobody busy. @default false */
  readonly isPoll?: boolean;
}

export class Budget {
  #atOnce = Number.POSITIVE_INFINITY;
  #busy = 0;
  /** When a place was last given back. */
  #freedAt = 0;
  readonly #window = new RequestWindow();
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  #onFree: () => void = () => {};

  /** Runs `request` when its turn comes. @throws HttpError 429 when that would take too long. */
  async run<Answer extends BudgetAnswer>(request: () => Promise<Answer>, options: TurnOptions): Promise<Answer> {
    const weight = options.isPoll === true ? 0 : 1;
    const end = await this.#turn(weight, options);
    try {
      const answer = await request();
      end();
      this.#heed(answer);
      return answer;
    } finally {
      end();
      this.#busy -= weight;
      if (weight > 0) this.#freedAt = Date.now();
      this.#onFree();
    }
  }

  /** One after the other, so that nobody is overtaken. Answers what is called when the request is over. */
  async #turn(weight: number, { signal = new AbortController().signal }: TurnOptions): Promise<() => void> {
    if (this.#waiting >= MAX_WAITING || this.#pauseMs() > MAX_WAIT_MS) throw this.#busyError();
    const before = this.#last;
    let leave = (): void => {};
    this.#last = new Promise((resolve) => {
      leave = resolve;
    });
    this.#waiting += 1;
    const joinedAt = Date.now();
    try {
      await abortable(before, signal);
      await this.#free(joinedAt, signal);
      // At once, before whoever is behind looks.
      this.#busy += weight;
      return this.#window.begin(Date.now());
    } finally {
      this.#waiting -= 1;
      // Whoever is behind waits for those before, even when one in the middle has left.
      void before.then(leave);
    }
  }

  async #free(joinedAt: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const pauseMs = this.#pauseMs();
      if (pauseMs > MAX_WAIT_MS) throw this.#busyError();
      if (pauseMs > 0) await abortableDelay(pauseMs, signal);
      else if (this.#busy >= this.#atOnce) await this.#nextFree(joinedAt, signal);
      else return;
    }
  }

  /** Only the first in the queue listens. @throws HttpError 429 when nothing moves: those whose turn it is may be slow. */
  async #nextFree(joinedAt: number, signal: AbortSignal): Promise<void> {
    const patienceMs = Math.max(joinedAt, this.#freedAt) + MAX_WAIT_MS - Date.now();
    if (patienceMs <= 0) throw this.#busyError();
    const free = new AbortController();
    this.#onFree = () => free.abort();
    await abortableDelay(patienceMs, AbortSignal.any([signal, free.signal])).catch(() => signal.throwIfAborted());
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
      this.#atOnce = Math.max(LEAST_AT_ONCE, Math.floor(Math.min(this.#atOnce, this.#busy) / 2));
    } else {
      this.#atOnce = this.#atOnce >= MOST_AT_ONCE ? Number.POSITIVE_INFINITY : this.#atOnce + 1 / 2;
    }
    const now = Date.now();
    this.#window.heed({ status, header: (name) => headers.get(name) }, { now, wallNow: now });
  }
}
