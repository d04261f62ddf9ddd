/** Reads the capabilities of a tus server. */

import { isUploadError } from '../../ports/errors.js';
import { lazyCode } from '../../ports/lazy-code.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { Backend } from '../shared/backend.js';
import type { BodyChecksum } from './checksum.js';

export const VERSION = { 'Tus-Resumable': '1.0.0' } as const;

const loadChecksum = lazyCode('checksums', () => import('./checksum.js'));

/** Longest wait for the answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The capabilities of the server. */
export interface TusServer {
  readonly extensions: ReadonlySet<string>;
  /** Null where no checksum is sent. */
  readonly checksum: BodyChecksum | null;
  /** Bytes. */
  readonly maxSize: number;
}

export interface TusContext {
  readonly backend: Backend;
  readonly server: TusServer;
  /** The `partSize` option. */
  readonly partSize: number | 'auto';
}

/** Without an answer, or where CORS hides its headers, only the core protocol is used. */
export const askServer = async (backend: Backend, checksums: boolean, { signal }: CallOptions): Promise<TusServer> => {
  const call = { method: 'OPTIONS', url: backend.endpoint, headers: VERSION, timeoutMs: TIMEOUT_MS } as const;
  const answer = await backend.ask(call, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!isUploadError(error)) throw error;
    return null;
  });
  const header = (name: string): string => answer?.header(name) ?? '';
  const extensions = new Set(header('tus-extension').split(/[, ]+/));
  const isChecked = checksums && extensions.has('checksum') && globalThis.crypto?.subtle !== undefined;
  return {
    extensions,
    checksum: isChecked ? (await loadChecksum()).checksumBy(header('tus-checksum-algorithm')) : null,
    maxSize: Number(header('tus-max-size')) || Number.POSITIVE_INFINITY,
  };
};

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
