/** The body of a request as its client sends it, which may be slow but must not stand still. */

import { HttpError } from './http-error.js';

/**
 * A client may be waited for this long until it has sent so many bytes more: a hundredth of what the slowest line carries.
 * Without an end, connections whose other side has silently gone, and clients that let a byte drip now and then, would
 * use up what all users share: places in the budget, connections to the upstream, sockets.
 */
const PATIENCE_MS = 60_000;
const PATIENCE_BYTES = 4 * 2 ** 10;

/** Bytes that were read of bodies, for the log. */
const received = new WeakMap<ReadableStream, number>();

export const receivedBytes = (body: ReadableStream<Uint8Array>): number => received.get(body) ?? 0;

export type BodyReader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** Reads as the stream's own reader does. @throws HttpError 408, from `read`, when the client keeps it waiting too long. */
export const stallTimeoutReader = (body: ReadableStream<Uint8Array>): BodyReader => {
  const reader = body.getReader();
  let leftMs = PATIENCE_MS;
  let bytes = 0;
  const read: BodyReader['read'] = async () => {
    const begunAt = Date.now();
    const chunk = await within(leftMs, reader.read());
    leftMs -= Date.now() - begunAt;
    bytes += chunk.value?.byteLength ?? 0;
    received.set(body, receivedBytes(body) + (chunk.value?.byteLength ?? 0));
    if (bytes >= PATIENCE_BYTES) {
      bytes = 0;
      leftMs = PATIENCE_MS;
    }
    return chunk;
  };
  return { read, cancel: (reason) => reader.cancel(reason) };
};

/** The chunks as they arrive. A caller that stops early has to cancel the reader. */
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
