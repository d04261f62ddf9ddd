/** Time that stands still until a test moves it, so that hours pass in milliseconds and every run is the same. */

import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/ports/clock.js';

interface Timer {
  readonly dueAt: number;
  readonly fire: () => void;
}

/** Everything that needs no time has happened: promises, file reads and fake answers settle before the next turn. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = 1_000;
  /** 2026-01-01. */
  #epoch = 1_767_225_600_000;
  /** What `random()` gives; a test of jitter changes it. */
  dice: () => number = () => 0.5;
  /** Lets happen what needs no time, or what a test wants to happen before the next moment. */
  settle: () => Promise<void> = settle;

  now(): number {
    return this.#now;
  }

  wallNow(): number {
    return this.#epoch + this.#now;
  }

  random(): number {
    return this.dice();
  }

  /** Waits that have not ended. */
  get pending(): number {
    return this.#timers.size;
  }

  /** The clock of the machine is set. */
  jumpWallClock(ms: number): void {
    this.#epoch += ms;
  }

  delay(ms: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      // Engines of many tests wait on signals that are never aborted.
      setMaxListeners(0, signal);
      const end = (then: () => void) => {
        this.#timers.delete(timer);
        signal.removeEventListener('abort', onAbort);
        then();
      };
      const onAbort = () => end(() => reject(signal.reason));
      const timer: Timer = { dueAt: this.#now + Math.max(0, ms), fire: () => end(resolve) };
      this.#timers.add(timer);
      signal.addEventListener('abort', onAbort);
    });
  }

  /** Lets `ms` pass; whatever becomes due on the way happens in its order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.dueAt <= end; next = this.#next()) {
      await this.#fire(next);
    }
    this.#now = end;
  }

  /** Lets time pass until `isMet`, at most `withinMs`. @throws Error when it does not come true. */
  async advanceUntil(isMet: () => boolean, withinMs = 24 * 3600_000): Promise<void> {
    const end = this.#now + withinMs;
    await this.settle();
    while (!isMet()) {
      const next = this.#next();
      if (next === undefined) throw new Error('nothing will happen any more, and it has not come true');
      if (next.dueAt > end) throw new Error(`it has not come true within ${withinMs} ms`);
      await this.#fire(next);
    }
  }

  async #fire(timer: Timer): Promise<void> {
    this.#now = Math.max(this.#now, timer.dueAt);
    timer.fire();
    await this.settle();
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.dueAt < first.dueAt) first = timer;
    return first;
  }
}
