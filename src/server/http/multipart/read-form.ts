/** Forms of requests, whose clients may be slow but must not stand still. */

import { type FormPart, readMultipart } from '../../../lib/read-multipart.js';
import { tooLong } from '../read-body.js';
import { chunksOf, stallTimeoutReader } from '../stall-timeout.js';

/** @throws MultipartError when the body is no well-formed form, HttpError 408 when it stops coming. */
export const readForm = async function* (
  body: ReadableStream<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void, undefined> {
  const reader = stallTimeoutReader(body);
  try {
    yield* readMultipart(chunksOf(reader), boundary);
  } finally {
    // Lets go of the stream, read or not.
    await reader.cancel().catch(() => {});
  }
};

/** @throws HttpError 413 when there is more than `maxBytes`. */
export const readText = async (bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLong(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};
