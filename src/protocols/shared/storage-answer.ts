/** What the answers of a storage mean. S3 and its family name the reason in XML, as in `<Code>RequestTimeout</Code>`. */

import { UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { WireResponse } from '../../ports/transport.js';

/** The URL is used up, has expired, or was signed by another key. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 410]);
/** The same with status 400, as AWS answers for the credentials that signed it. */
const REFUSED_CODES = /^(Expired|InvalidToken$|AuthorizationQuery)/;
/** Codes with status 400 whose request may succeed when it is repeated. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set(['RequestTimeout', 'IncompleteBody', 'OperationAborted']);
/** The bytes that arrived do not have the digest that was sent with them. */
const DIGEST_CODES = /^(BadDigest|InvalidDigest|XAmzContent\w*Mismatch)$/;

const CODES: Readonly<Record<string, UploadErrorCode>> = {
  EntityTooLarge: 'too-large',
  NoSuchUpload: 'session-lost',
};

const codeOf = ({ text }: WireResponse): string => /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '';

/** Whether another URL may be accepted where this one was not. */
export const isRefusedUrl = (response: WireResponse): boolean =>
  REFUSED.has(response.status) || (response.status === 400 && REFUSED_CODES.test(codeOf(response)));

/** `base` says what the status alone means. */
export const toStorageError = (base: UploadError, response: WireResponse): UploadError => {
  const code = codeOf(response);
  if (TRANSIENT_CODES.has(code)) return base.with({ retriable: true });
  if (DIGEST_CODES.test(code)) return base.with({ code: 'checksum-mismatch', retriable: true });
  const known = CODES[code];
  return known === undefined ? base : base.with({ code: known, retriable: false });
};

/** Whether a body is a page for people: a sign-in, the page of a portal, or what a service worker shows offline. */
export const isHtmlPage = (text: string): boolean =>
  /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(text);

/** A page is no receipt for bytes, whatever its status. @throws UploadError `network`. */
export const expectReceipt = (response: WireResponse): WireResponse => {
  const { status, text } = response;
  // Storages give an empty answer that type as well.
  const isMarkup = /^\s*</.test(text) && /^text\/html/i.test(response.header('content-type') ?? '');
  if (status < 200 || status >= 300 || !(isMarkup || isHtmlPage(text))) return response;
  throw new UploadError('network', `${response.url} answers with a page instead of a receipt`);
};
