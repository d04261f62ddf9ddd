/**
 * Estimates when a grant expires. The page's clock may be wrong, so this is a hint and the storage decides. A grant
 * that has expired on arrival is requested again; if the next one has as well, the clock counts as wrong, and grants
 * are used until the storage refuses them.
 */

import type { Clock } from '../../ports/clock.js';
import type { Grant } from '../../wire/presigned.js';
import { isEndingUrl } from './signed-url.js';

/** A grant is renewed this long before it expires, in milliseconds, so that the request arrives in time. */
const MARGIN_MS = 5_000;

type Clocks = Pick<Clock, 'now' | 'wallNow'>;

export class GrantLife {
  readonly #clocks: Clocks;
  #isClockWrong = false;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** True when a grant that arrived at `grantedAt` (by `clock.now()`) has expired or is about to. */
  isEnding({ expiresAt, uploadUrl }: Grant, grantedAt: number): boolean {
    const age = this.#clocks.now() - grantedAt;
    if (isEndingUrl(uploadUrl, age)) return true;
    if (expiresAt === undefined) return false;
    const lifeMs = expiresAt - (this.#clocks.wallNow() - age);
    if (lifeMs <= 0) return !this.#isClockWrong;
    return age > 0 && lifeMs - age < Math.min(MARGIN_MS, lifeMs / 2);
  }

  /** Compares a grant that just arrived with the one that it replaces. */
  compare(previous: Grant | null, renewed: Grant): void {
    this.#isClockWrong ||= previous !== null && this.#isPast(previous) && this.#isPast(renewed);
  }

  #isPast({ expiresAt }: Grant): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clocks.wallNow();
  }
}
