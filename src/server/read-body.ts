/** Bodies read to the end, but never further than a cap: what counts is the bytes that come, not what a header says. */

import { parseJson } from '../lib/json.js';
import { badRequest, HttpError } from './http-error.js';

const KiB = 2 ** 10;

/** One mint, one confirm, one init. */
export const SINGLE_BODY_BYTES = 64 * KiB;
/** A manifest of 10,000 parts takes about 800 kB. */
export const MANIFEST_BODY_BYTES = 2048 * KiB;
/** A batch may carry names and paths, but not 64 KiB of metadata for each file. */
export const batchBodyBytes = (files: number): number => SINGLE_BODY_BYTES + (files - 1) * 8 * KiB;

/** Null when the body is longer than `maxBytes`; the rest is then not read. */
export const readCapped = async (
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<{ readonly text: string; readonly bytes: number } | null> => {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return { text: text + decoder.decode(), bytes };
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      return null;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
};

/**
 * The JSON that came, and its bytes.
 * @throws HttpError 400 when it is no JSON, 413 when it is longer than `maxBytes`.
 */
export const readJson = async (request: Request, maxBytes: number): Promise<{ value: unknown; bytes: number }> => {
  // These three a page of any site may send without asking; no caller of ours does.
  if (
    /^(text\/plain|multipart\/|application\/x-www-form-urlencoded)/i.test(request.headers.get('content-type') ?? '')
  ) {
    throw badRequest('the body has to be sent as application/json');
  }
  const body = await readCapped(request.body, maxBytes);
  if (body === null) throw tooLong(maxBytes);
  const value = parseJson(body.text);
  if (value === null) throw badRequest('the body is no JSON');
  return { value, bytes: body.bytes };
};

export const tooLong = (maxBytes: number): HttpError =>
  new HttpError(413, 'too-large', `the body is longer than ${maxBytes} bytes`);
