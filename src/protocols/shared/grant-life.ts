/**
 * When a grant ends, as far as a page can tell: its clock may be wrong, so this is a hint, and the storage has the last
 * word. A grant that comes with its end behind it is asked for again; if the next one comes so as well, it is the clock
 * that is wrong, and grants are used as they come until the storage refuses them.
 */

import type { Clock } from '../../ports/clock.js';
import type { Grant } from '../../wire/presigned.js';
import { isEndingUrl } from './signed-url.js';

/** A grant is renewed this long before its end, in milliseconds: the request has to arrive before it. */
const MARGIN_MS = 5_000;

type Clocks = Pick<Clock, 'now' | 'wallNow'>;

export class GrantLife {
  readonly #clocks: Clocks;
  #isClockWrong = false;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** Whether a grant that came at `grantedAt` on the clock that never jumps is over, or soon will be. */
  isEnding({ expiresAt, uploadUrl }: Grant, grantedAt: number): boolean {
    const age = this.#clocks.now() - grantedAt;
    if (isEndingUrl(uploadUrl, age)) return true;
    if (expiresAt === undefined) return false;
    const lifeMs = expiresAt - (this.#clocks.wallNow() - age);
    if (lifeMs <= 0) return !this.#isClockWrong;
    return age > 0 && lifeMs - age < Math.min(MARGIN_MS, lifeMs / 2);
  }

  /** `renewed` has just come in the place of `previous`. */
  compare(previous: Grant | null, renewed: Grant): void {
    this.#isClockWrong ||= previous !== null && this.#isPast(previous) && this.#isPast(renewed);
  }

  #isPast({ expiresAt }: Grant): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clocks.wallNow();
  }
}
