/**
 * MD5, which Web Crypto does not have, of bodies that need not fit into memory. This file runs as a worker; where
 * workers are forbidden, the page imports it and calls `md5Of` itself. The build bundles its imports into it, because
 * bundlers copy a worker's file unchanged.
 *
 * The digest is noble-hashes' in JavaScript. WebAssembly would be several times as fast, but a content security policy
 * must allow it (`wasm-unsafe-eval`), and few pages will do that for a check that is off by default.
 */

import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';

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

/** Bytes digested in one step, which takes milliseconds, so that a page that digests itself stays responsive. */
const PIECE = 2 ** 19;

/** Lower-case hex. Rejects when the body cannot be read, and with the signal's reason when it is aborted. */
export const md5Of = async (body: Blob, { signal }: { readonly signal: AbortSignal }): Promise<string> => {
  const hash = md5.create();
  for (let start = 0; start < body.size; start += PIECE) {
    const bytes = await body.slice(start, start + PIECE).arrayBuffer();
    signal.throwIfAborted();
    hash.update(new Uint8Array(bytes));
  }
  return bytesToHex(hash.digest());
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
