/**
 * Distinguishes an origin that never worked from one that did: when an origin that did answers with a page or a
 * redirect, a captive portal of the network is in the way, which is temporary, or the user's login has expired.
 */

import type { Clock } from '../../ports/clock.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type { WireResponse } from '../../ports/transport.js';
import { isHtmlPage } from './storage-answer.js';

/** Pages after this many milliseconds without a good answer count as a sign-in page instead of a portal. */
const PORTAL_MS = 10_000;

export const isGood = ({ status }: WireResponse): boolean => status >= 200 && status < 300;

const isRedirect = (error: unknown): boolean =>
  isUploadError(error) && error.code === 'protocol' && error.status === 302;

export class SeenOrigins {
  readonly #clock: Pick<Clock, 'now'>;
  /** Origins that have worked, each with the time since when it answers with pages; null while it works. */
  readonly #hiddenSince = new Map<string, number | null>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * Resolves with the answer.
   * @throws UploadError `network` when a known origin answers with a page; `unauthorized` with status 401 when it goes
   * on.
   */
  async watch(url: string, request: () => Promise<WireResponse>): Promise<WireResponse> {
    const { origin } = new URL(url);
    try {
      const response = await request();
      if (!isGood(response)) return response;
      if (!isHtmlPage(response.text)) this.#hiddenSince.set(origin, null);
      else if (this.#hiddenSince.has(origin)) throw this.#hidden(origin);
      return response;
    } catch (error) {
      throw isRedirect(error) && this.#hiddenSince.has(origin) ? this.#hidden(origin) : error;
    }
  }

  #hidden(origin: string): UploadError {
    const now = this.#clock.now();
    const since = this.#hiddenSince.get(origin) ?? now;
    this.#hiddenSince.set(origin, since);
    return now - since < PORTAL_MS
      ? new UploadError('network', `${origin} answers with a page or a redirect`)
      : new UploadError('unauthorized', `${origin} wants the user to sign in again`, { status: 401 });
  }
}
