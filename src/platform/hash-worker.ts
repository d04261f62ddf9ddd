/**
 * MD5, which Web Crypto does not have, of bodies that need not fit into memory. This file runs as a worker; where
 * workers are forbidden, the page imports it and calls `md5Of` itself. The build bundles its imports into it, because
 * bundlers copy a worker's file unchanged.
 *
 * The digest is computed in JavaScript, because a content security policy would have to allow WebAssembly
 * (`wasm-unsafe-eval`), and it is fast enough for any line.
 */

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

/**
 * Lower-case hex. Rejects when the body cannot be read, and with the signal's reason when it is aborted. The body is
 * read as a stream, several times as fast as slices, whose pieces are small enough for a page to stay responsive.
 */
export const md5Of = async (body: Blob, { signal }: { readonly signal: AbortSignal }): Promise<string> => {
  const hash = new Md5();
  const reader = body.stream().getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      signal.throwIfAborted();
      hash.update(piece.value);
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
  signal.throwIfAborted();
  return hash.hex();
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
