/** A part on its way from the browser through the gateway to the bucket. */

import { HttpError, toHttpError } from '../../http/http-error.js';
import { toStream } from '../../http/multipart/write-multipart.js';

/** For some kilobytes to be taken, in milliseconds. */
const TAKING_TIMEOUT_MS = 60_000;

export interface PartRelay {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly deadline: AbortSignal;
  /** Call it when the request is over. */
  readonly end: () => void;
}

/**
 * The storage has a minute to take each chunk and `timeoutMs` to answer after the last one; how long the browser takes to
 * send is not its affair. Where the bytes fail, the request ends with that failure.
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
        wait(TAKING_TIMEOUT_MS);
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
