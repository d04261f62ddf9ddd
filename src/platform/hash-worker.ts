/**
 * MD5, which Web Crypto does not have, of bodies that need not fit into memory. This file runs as a worker; where
 * workers are forbidden, the page imports it and calls `md5Of` itself. The build bundles its imports into it, because
 * bundlers copy a worker's file unchanged.
 *
 * The digest is computed in JavaScript, because a content security policy would have to allow WebAssembly
 * (`wasm-unsafe-eval`), and it is fast enough for any line.
 */

import { abortable } from '../lib/abortable.js';
import { MiB } from '../lib/byte-size.js';
import { joinSignals } from '../lib/joint-signal.js';
import { Md5 } from '../lib/md5.js';

/** Message from the page: a body to digest, or without a body the request to stop. No bytes are copied. */
export interface HashRequest {
  readonly id: number;
  readonly body?: Blob;
}

/** Message to the page; the digest is null when the body could not be read. */
export interface HashAnswer {
  readonly id: number;
  readonly digest: string | null;
}

/** A larger buffer is no faster, and its pieces would block a page for longer. */
const PIECE_BYTES = MiB;

/**
 * Reads all pieces into one buffer, so that each is valid until the next one is read: twice as fast as a new buffer for
 * each, which is what browsers without byte streams (Safari before 26.4) do.
 */
const readerOf = (body: Blob): Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'> => {
  const stream = body.stream();
  try {
    const reader = stream.getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(PIECE_BYTES);
    const read = async () => {
      const piece = await reader.read(new Uint8Array(buffer));
      if (!piece.done) buffer = piece.value.buffer;
      return piece;
    };
    return { read, cancel: () => reader.cancel() };
  } catch {
    return stream.getReader();
  }
};

/** Longest wait for a piece, in milliseconds: a network drive may never answer. */
const PIECE_MS = 30_000;

/**
 * Readers in use. Chromium (seen in 156) collects a byte stream that nothing but its own pending read refers to, and
 * that read then never ends.
 */
const readers = new Set<ReturnType<typeof readerOf>>();

/**
 * Lower-case hex. Rejects when the body cannot be read or its next piece does not come in `PIECE_MS`, and with the
 * signal's reason when it is aborted. The body is read as a stream, several times as fast as slices, whose pieces are
 * small enough for a page to stay responsive.
 */
export const md5Of = async (body: Blob, { signal }: { readonly signal: AbortSignal }): Promise<string> => {
  const hash = new Md5();
  const reader = readerOf(body);
  const stop = joinSignals(signal);
  const stopLate = () => stop.abort(new DOMException('the body could not be read in time', 'TimeoutError'));
  readers.add(reader);
  try {
    for (;;) {
      const timer = setTimeout(stopLate, PIECE_MS);
      const piece = await abortable(reader.read(), stop.signal).finally(() => clearTimeout(timer));
      if (piece.done) return hash.hex();
      hash.update(piece.value);
    }
  } finally {
    stop.release();
    readers.delete(reader);
    void reader.cancel().catch(() => {});
  }
};

/** Digests one body after the other, because two at once would share one core. */
const serve = (): void => {
  const controllers = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();

  const digest = async (id: number, body: Blob, { signal }: AbortController): Promise<void> => {
    const digested = signal.aborted ? null : await md5Of(body, { signal }).catch(() => null);
    controllers.delete(id);
    if (!signal.aborted) postMessage({ id, digest: digested } satisfies HashAnswer);
  };
  addEventListener('message', ({ data: { id, body } }: MessageEvent<HashRequest>) => {
    if (body === undefined) {
      controllers.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    controllers.set(id, controller);
    last = last.then(() => digest(id, body, controller));
  });
};

// The name distinguishes this worker from pages that import the file and workers that run an engine.
if ('DedicatedWorkerGlobalScope' in globalThis && self.name === 'fastio-upload') serve();
