/**
 * Tells an origin that is set up wrongly from one that has worked and is now hidden: a page or a redirect in the place of
 * its answer is then a portal of the network, which goes by itself, or the end of the user's session.
 */

import { isUploadError, UploadError } from '../../ports/errors.js';
import type { WireResponse } from '../../ports/transport.js';
import { isHtmlPage } from './storage-answer.js';

/** Pages in a row that may be a portal's; a further one asks the user to sign in. */
const PORTAL_PAGES = 4;

export const isGood = ({ status }: WireResponse): boolean => status >= 200 && status < 300;

const isRedirect = (error: unknown): boolean =>
  isUploadError(error) && error.code === 'protocol' && error.status === 302;

export class SeenOrigins {
  /** Pages in a row of the origins that have worked. */
  readonly #pages = new Map<string, number>();

  /**
   * The answer, unless it is hidden.
   * @throws UploadError `network`, and `unauthorized` with status 401 when it stays hidden.
   */
  async watch(url: string, request: () => Promise<WireResponse>): Promise<WireResponse> {
    const { origin } = new URL(url);
    try {
      const response = await request();
      if (!isGood(response)) return response;
      if (!isHtmlPage(response.text)) this.#pages.set(origin, 0);
      else if (this.#pages.has(origin)) throw this.#hidden(origin);
      return response;
    } catch (error) {
      throw isRedirect(error) && this.#pages.has(origin) ? this.#hidden(origin) : error;
    }
  }

  #hidden(origin: string): UploadError {
    const pages = (this.#pages.get(origin) ?? 0) + 1;
    this.#pages.set(origin, pages);
    return pages <= PORTAL_PAGES
      ? new UploadError('network', `${origin} answers with a page or a redirect`)
      : new UploadError('unauthorized', `${origin} wants the user to sign in again`, { status: 401 });
  }
}
