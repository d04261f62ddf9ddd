/**
 * Interprets the answers of storages. S3-compatible ones give the reason in XML, as in `<Code>RequestTimeout</Code>`.
 */

import { UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { WireResponse } from '../../ports/transport.js';

/** The URL was used already, has expired, or was signed by another key. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 410]);
/** The same with status 400, as AWS answers when the signing credentials have expired. */
const REFUSED_CODES = /^(Expired|InvalidToken$|AuthorizationQuery)/;
/** Codes with status 400 that are retriable. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set(['RequestTimeout', 'IncompleteBody', 'OperationAborted']);
/** The received bytes do not match the digest that was sent with them. */
const DIGEST_CODES = /^(BadDigest|InvalidDigest|XAmzContent\w*Mismatch)$/;

const CODES: Readonly<Record<string, UploadErrorCode>> = {
  EntityTooLarge: 'too-large',
  NoSuchUpload: 'session-lost',
};

const codeOf = ({ text }: WireResponse): string => /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '';

/** True when a new URL may be accepted. */
export const isRefusedUrl = (response: WireResponse): boolean =>
  REFUSED.has(response.status) || (response.status === 400 && REFUSED_CODES.test(codeOf(response)));

/** Refines `base`, the error for the status, by the code in the XML. */
export const toStorageError = (base: UploadError, response: WireResponse): UploadError => {
  const code = codeOf(response);
  if (TRANSIENT_CODES.has(code)) return base.with({ retriable: true });
  if (DIGEST_CODES.test(code)) return base.with({ code: 'checksum-mismatch', retriable: true });
  const known = CODES[code];
  return known === undefined ? base : base.with({ code: known, retriable: false });
};

/** True for an HTML page, such as a sign-in, a captive portal, or the offline page of a service worker. */
export const isHtmlPage = (text: string): boolean =>
  /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(text);

/** @throws UploadError `network` for a successful answer that is an HTML page. */
export const expectReceipt = (response: WireResponse): WireResponse => {
  const { status, text } = response;
  // Storages send `text/html` with empty answers as well, so the text must start with markup.
  const isMarkup = /^\s*</.test(text) && /^text\/html/i.test(response.header('content-type') ?? '');
  if (status < 200 || status >= 300 || !(isMarkup || isHtmlPage(text))) return response;
  throw new UploadError('network', `${response.url} answers with a page instead of a receipt`);
};
