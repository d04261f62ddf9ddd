/** Reads bodies up to a maximum, counted by the received bytes and not by a header. */

import { parseJson } from '../../lib/json.js';
import { badRequest, HttpError } from './http-error.js';
import { type BodyReader, stallTimeoutReader } from './stall-timeout.js';

const KiB = 2 ** 10;

/** Largest body of a request for one file. */
export const SINGLE_BODY_BYTES = 64 * KiB;
/** Largest body with a list of parts: 10,000 parts take about 800 kB. */
export const MANIFEST_BODY_BYTES = 2048 * KiB;
/** Largest body of a batch: room for names and paths, but not for 64 KiB of metadata per file. */
export const batchBodyBytes = (files: number): number => SINGLE_BODY_BYTES + (files - 1) * 8 * KiB;

/** Null when the body is longer than `maxBytes`; the rest is not read then. @throws HttpError 408 when it stalls. */
export const readCappedBytes = ({ body }: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> =>
  readAll(body === null ? undefined : stallTimeoutReader(body), maxBytes);

/** Like `readCappedBytes`, decoded as UTF-8; a byte order mark is dropped. */
export const readCapped = async (
  request: Request,
  maxBytes: number,
): Promise<{ readonly text: string; readonly bytes: number } | null> => {
  const bytes = await readCappedBytes(request, maxBytes);
  return bytes && { text: decode(bytes), bytes: bytes.byteLength };
};

/** Like `readCapped`, for an answer; the caller sets the timeout. */
export const readCappedAnswer = async ({ body }: Response, maxBytes: number): Promise<string | null> => {
  const bytes = await readAll(body?.getReader(), maxBytes);
  return bytes && decode(bytes);
};

const readAll = async (reader: BodyReader | undefined, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return join(chunks, length);
    length += chunk.value.byteLength;
    if (length > maxBytes) {
      await reader?.cancel();
      return null;
    }
    chunks.push(chunk.value);
  }
};

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const join = (chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
};

/**
 * Reads a JSON body and its size in bytes.
 * @throws HttpError 400 when it is not JSON, 413 when it is longer than `maxBytes`.
 */
export const readJson = async (request: Request, maxBytes: number): Promise<{ value: unknown; bytes: number }> => {
  // A page of any site may send these three types without a preflight, so they are refused.
  if (
    /^(text\/plain|multipart\/|application\/x-www-form-urlencoded)/i.test(request.headers.get('content-type') ?? '')
  ) {
    throw badRequest('the body must be sent as application/json');
  }
  const body = await readCapped(request, maxBytes);
  if (body === null) throw tooLong(maxBytes);
  const value = parseJson(body.text);
  if (value === null) throw badRequest('the body is not JSON');
  return { value, bytes: body.bytes };
};

export const tooLong = (maxBytes: number): HttpError =>
  new HttpError(413, 'too-large', `the body is longer than ${maxBytes} bytes`);
