/** What a line does to the bytes of one direction, and how they travel. */

import type { Socket } from 'node:net';

/** What one direction does to its bytes. */
export interface Line {
  /** Milliseconds that each chunk travels; the order is kept. */
  latencyMs: number;
  /** Milliseconds more, at most, by chance. */
  jitterMs: number;
  /** Of each connection. */
  bytesPerSecond: number;
  /** Of all connections that carry something together, the neighbours' as well. */
  sharedBytesPerSecond: number;
  /** Connections of others that take their shares all the time. */
  neighbours: number;
  /** Longest piece that is passed on at once. */
  sliceBytes: number;
  /** After so many bytes of a connection it is reset. */
  resetAfterBytes: number;
  /** This byte, counted from 0, arrives changed: of the first connection that comes so far, and of no other. */
  flipAtByte: number;
  /** Nothing gets through, and neither side is told. What was sent meanwhile comes late once it ends. */
  blackHole: boolean;
  /** Milliseconds by which the end of the stream is held back. */
  closeDelayMs: number;
}

export const PERFECT: Readonly<Line> = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sharedBytesPerSecond: Number.POSITIVE_INFINITY,
  neighbours: 0,
  sliceBytes: Number.POSITIVE_INFINITY,
  resetAfterBytes: Number.POSITIVE_INFINITY,
  flipAtByte: Number.POSITIVE_INFINITY,
  blackHole: false,
  closeDelayMs: 0,
};

/** Bytes on their way in one direction of one connection. */
const WINDOW = 1 << 18;

interface Travelling {
  readonly bytes: Buffer;
  /** On the clock of `performance`. */
  readonly dueAt: number;
}

/** Chunks with the moment at which they arrive. Reads ahead, so that latency costs no rate. */
export async function* travel(from: Socket, line: () => Line): AsyncGenerator<Travelling> {
  const queue: Travelling[] = [];
  let waiting = 0;
  let hasEnded = false;
  let notify = () => {};
  from.on('data', (bytes: Buffer) => {
    const { latencyMs, jitterMs } = line();
    const dueAt = Math.max(performance.now() + latencyMs + jitterMs * Math.random(), queue.at(-1)?.dueAt ?? 0);
    queue.push({ bytes, dueAt });
    waiting += bytes.length;
    if (waiting >= WINDOW) from.pause();
    notify();
  });
  const end = () => {
    hasEnded = true;
    notify();
  };
  from.once('end', end).once('close', end);
  for (;;) {
    const next = queue.shift();
    if (next !== undefined) {
      yield next;
      waiting -= next.bytes.length;
      if (waiting < WINDOW) from.resume();
    } else if (hasEnded) return;
    else
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
  }
}
