/** Reads the capabilities of a tus server. */

import { isUploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { Backend } from '../shared/backend.js';

export const VERSION = { 'Tus-Resumable': '1.0.0' } as const;

/** Longest wait for the answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The capabilities of the server. */
export interface TusServer {
  readonly extensions: ReadonlySet<string>;
  /** Name in the protocol; null where no checksum is sent. */
  readonly checksum: 'sha1' | 'sha256' | null;
  /** Bytes. */
  readonly maxSize: number;
}

export interface TusContext {
  readonly backend: Backend;
  readonly server: TusServer;
  /** The `partSize` option. */
  readonly partSize: number | 'auto';
  /** Called when an upload is created at `origin`, at a URL that is not below the endpoint. */
  readonly onElsewhere: (origin: string) => void;
}

const wordsOf = (value: string | null): ReadonlySet<string> => new Set(value?.split(',').map((word) => word.trim()));

/** Without an answer, or where CORS hides its headers, only the core protocol is used. */
export const askServer = async (backend: Backend, checksums: boolean, { signal }: CallOptions): Promise<TusServer> => {
  const call = { method: 'OPTIONS', url: backend.endpoint, headers: VERSION, timeoutMs: TIMEOUT_MS } as const;
  const answer = await backend.ask(call, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!isUploadError(error)) throw error;
    return null;
  });
  const extensions = wordsOf(answer?.header('tus-extension') ?? null);
  const algorithms = wordsOf(answer?.header('tus-checksum-algorithm') ?? 'sha1');
  const checksum = algorithms.has('sha256') ? 'sha256' : 'sha1';
  const isChecked = checksums && extensions.has('checksum') && globalThis.crypto?.subtle !== undefined;
  const maxSize = Number(answer?.header('tus-max-size') ?? '') || Number.POSITIVE_INFINITY;
  return { extensions, checksum: isChecked ? checksum : null, maxSize };
};

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
