/** Relays a part from the browser to the bucket. */

import { HttpError, toHttpError } from '../../http/http-error.js';
import { toStream } from '../../http/multipart/write-multipart.js';

/** Timeout for the storage to accept a chunk of some kilobytes, in milliseconds. */
const CHUNK_TIMEOUT_MS = 60_000;

export interface PartRelay {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly deadline: AbortSignal;
  /** Call it when the request ends. */
  readonly end: () => void;
}

/**
 * The storage has a minute to accept each chunk and `timeoutMs` to answer after the last one; time that the browser
 * needs for sending does not count. If the source fails, the request fails with its error.
 */
export const partRelay = (bytes: AsyncIterable<Uint8Array> | null, timeoutMs: number): PartRelay => {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(late()), ms);
  };
  const watched = async function* (source: AsyncIterable<Uint8Array>) {
    try {
      for await (const chunk of source) {
        wait(CHUNK_TIMEOUT_MS);
        yield chunk;
        clearTimeout(timer);
      }
    } catch (error) {
      controller.abort(toHttpError(error));
      throw error;
    }
    wait(timeoutMs);
  };
  if (bytes === null) wait(timeoutMs);
  return {
    body: bytes === null ? new Uint8Array() : toStream(watched(bytes)),
    deadline: controller.signal,
    end: () => clearTimeout(timer),
  };
};

const late = (): HttpError => new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time');
