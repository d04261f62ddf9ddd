/**
 * MD5, which Web Crypto does not have, of bodies that need not fit into memory. This file runs as a worker; where workers
 * are forbidden the page imports the same file and calls `md5Of` itself. The build makes it whole in itself, because a
 * bundler that copies a worker's file does not look into it.
 *
 * The digest is that of noble-hashes in plain script. One in WebAssembly would be several times as fast, but a page with a
 * content security policy must permit it (`wasm-unsafe-eval`), and few will do so for a check that is off by default.
 */

import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** From the page: a body to digest, or without one the wish to stop. The body is a handle; no bytes are copied. */
export interface HashRequest {
  readonly id: number;
  readonly body?: Blob;
}

/** To the page; without a digest the body could not be read. */
export interface HashAnswer {
  readonly id: number;
  readonly digest: string | null;
}

/** Bytes digested in one go: milliseconds, so that a page that does it itself stays awake. */
const PIECE = 2 ** 19;

/** Lower-case hex. Rejects with what reading the body rejects with, and with the signal's reason when aborted. */
export const md5Of = async (body: Blob, { signal }: { readonly signal: AbortSignal }): Promise<string> => {
  const hash = md5.create();
  for (let start = 0; start < body.size; start += PIECE) {
    const bytes = await body.slice(start, start + PIECE).arrayBuffer();
    signal.throwIfAborted();
    hash.update(new Uint8Array(bytes));
  }
  return bytesToHex(hash.digest());
};

/** One body after the other: two at once would take turns on the same core. */
const serve = (): void => {
  const underWay = new Map<number, AbortController>();
  let last: Promise<void> = Promise.resolve();

  const digest = async (id: number, body: Blob, { signal }: AbortController): Promise<void> => {
    const digested = signal.aborted ? null : await md5Of(body, { signal }).catch(() => null);
    underWay.delete(id);
    if (!signal.aborted) postMessage({ id, digest: digested } satisfies HashAnswer);
  };
  addEventListener('message', ({ data: { id, body } }: MessageEvent<HashRequest>) => {
    if (body === undefined) {
      underWay.get(id)?.abort();
      return;
    }
    const stop = new AbortController();
    underWay.set(id, stop);
    last = last.then(() => digest(id, body, stop));
  });
};

// A page that imports this file, or a worker that runs an engine, has another name or none.
if ('DedicatedWorkerGlobalScope' in globalThis && self.name === 'fastio-upload') serve();
