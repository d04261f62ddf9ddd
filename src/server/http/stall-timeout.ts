/** Reads a body whose client may be slow, and fails when its bytes stop coming. */

import { HttpError } from './http-error.js';

/**
 * Every `STALL_BYTES` of the body may take this long to arrive, a hundredth of the rate of the slowest line. Without
 * it, dead connections and clients that send a byte now and then would use up resources that all users share: the
 * request budget, connections to the upstream, sockets.
 */
const STALL_MS = 60_000;
const STALL_BYTES = 4 * 2 ** 10;

/** Bytes read from each body, for the log. */
const received = new WeakMap<ReadableStream, number>();

export const receivedBytes = (body: ReadableStream<Uint8Array>): number => received.get(body) ?? 0;

export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** A reader of the body whose `read` rejects with an HttpError 408 when the body stalls. */
export const stallTimeoutReader = (body: ReadableStream<Uint8Array>): BodyReader => {
  const reader = body.getReader();
  let leftMs = STALL_MS;
  let bytes = 0;
  const read: BodyReader['read'] = async () => {
    const startedAt = Date.now();
    const chunk = await within(leftMs, reader.read());
    leftMs -= Date.now() - startedAt;
    bytes += chunk.value?.byteLength ?? 0;
    received.set(body, receivedBytes(body) + (chunk.value?.byteLength ?? 0));
    if (bytes >= STALL_BYTES) {
      bytes = 0;
      leftMs = STALL_MS;
    }
    return chunk;
  };
  return { read, cancel: (reason) => reader.cancel(reason) };
};

/** The chunks of the reader. A caller that stops early must cancel the reader. */
export const chunksOf = async function* (reader: BodyReader): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
};

const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(stalled()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

const stalled = (): HttpError => new HttpError(408, 'bad-request', 'the bytes of the request stopped coming');
