/** Reads multipart forms from requests, and fails when their bytes stop coming. */

import { type FormPart, readMultipart } from '../../../lib/read-multipart.js';
import { tooLong } from '../read-body.js';
import { chunksOf, stallTimeoutReader } from '../stall-timeout.js';

/** @throws MultipartError when the body is not a well-formed form, HttpError 408 when it stalls. */
export const readForm = async function* (
  body: ReadableStream<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void, undefined> {
  const reader = stallTimeoutReader(body);
  try {
    yield* readMultipart(chunksOf(reader), boundary);
  } finally {
    // Releases the stream, whether it was read to its end or not.
    await reader.cancel().catch(() => {});
  }
};

/** @throws HttpError 413 for more than `maxBytes`. */
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
