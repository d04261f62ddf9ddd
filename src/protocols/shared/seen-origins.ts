/**
 * Tells an origin that is set up wrongly from one that has worked and is now hidden: a page or a redirect in the place of
 * its answer is then a portal of the network, which goes by itself, or the end of the user's session.
 */

import type { Clock } from '../../ports/clock.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type { WireResponse } from '../../ports/transport.js';
import { isHtmlPage } from './storage-answer.js';

/** Pages that come after so many milliseconds without a good answer are no portal's: they ask the user to sign in. */
const PORTAL_MS = 10_000;

export const isGood = ({ status }: WireResponse): boolean => status >= 200 && status < 300;

const isRedirect = (error: unknown): boolean =>
  isUploadError(error) && error.code === 'protocol' && error.status === 302;

export class SeenOrigins {
  readonly #clock: Pick<Clock, 'now'>;
  /** The origins that have worked, each with the moment since which only pages have come; null while it works. */
  readonly #hiddenSince = new Map<string, number | null>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /**
   * The answer, unless it is hidden.
   * @throws UploadError `network`, and `unauthorized` with status 401 when it stays hidden.
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
