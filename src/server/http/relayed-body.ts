/** Bodies that are relayed from the browser to the storage. */

import type { Deadline } from './deadline.js';
import { toHttpError } from './http-error.js';
import { toStream } from './multipart/write-multipart.js';

/** Timeout for the storage to accept a chunk of some kilobytes, in milliseconds. */
export const CHUNK_TIMEOUT_MS = 60_000;

/**
 * The storage has a minute to accept each chunk and `timeoutMs` to answer after the last one; time that the browser
 * needs for sending does not count. If the source fails, the deadline fails with its error, because a failing stream
 * does not end the request in all runtimes.
 */
export const relayedBody = (
  bytes: AsyncIterable<Uint8Array>,
  deadline: Deadline,
  timeoutMs: number,
): ReadableStream<Uint8Array> => toStream(timed(bytes, deadline, timeoutMs));

const timed = async function* (bytes: AsyncIterable<Uint8Array>, deadline: Deadline, timeoutMs: number) {
  deadline.pause();
  try {
    for await (const chunk of bytes) {
      deadline.start(CHUNK_TIMEOUT_MS);
      yield chunk;
      deadline.pause();
    }
  } catch (error) {
    deadline.fail(toHttpError(error));
    throw error;
  }
  deadline.start(timeoutMs);
};
