/** Counts bytes while they stream, because a client's declared size may be wrong. */

import { badRequest, HttpError } from '../http/http-error.js';

/** @throws HttpError 413 when there are more. */
export const atMost = async function* (
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onEnd: (size: number) => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new HttpError(413, 'too-large', `the body has more than ${maxBytes} bytes`);
    yield chunk;
  }
  onEnd(size);
};

/** @throws HttpError 413 when there are more, 400 when there are fewer. */
export const exactly = (bytes: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> =>
  atMost(bytes, size, (actual) => {
    if (actual < size) throw badRequest(`the body has ${actual} bytes instead of ${size}`);
  });
