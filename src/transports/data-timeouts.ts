/** Timeouts for the phases of a data request, in milliseconds. */

import { MiB } from '../lib/byte-size.js';
import type { DataRequest } from '../ports/transport.js';
import type { TransportOptions } from './transport-options.js';

export interface DataTimeouts {
  /** Time without progress while bytes are being sent. */
  readonly stallMs: number;
  /** From the last byte to the answer. It grows with the size, because servers check and move the bytes. */
  readonly responseMs: number;
  /** The whole request, where its progress is unknown. */
  readonly wholeMs: number;
  /** The whole request, for a small body that is sent at once. */
  readonly briefMs: number;
}

const RESPONSE_MS_PER_MIB = 20;
/** 32 KiB per second; a slower line needs smaller parts rather than longer timeouts. */
const BLIND_MS_PER_MIB = 32_000;

/** Bytes of a body; for a form, of its values only. */
export const sizeOf = (body: DataRequest['body'] | string): number => {
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer) return body.byteLength;
  return typeof body === 'string' ? body.length : [...body.values()].reduce((sum, value) => sum + sizeOf(value), 0);
};

export const dataTimeouts = (
  body: DataRequest['body'],
  { stallTimeoutMs = 30_000, responseTimeoutMs = 120_000 }: TransportOptions,
): DataTimeouts => {
  const sizeMiB = sizeOf(body) / MiB;
  const responseMs = responseTimeoutMs + sizeMiB * RESPONSE_MS_PER_MIB;
  const briefMs = responseMs + sizeMiB * BLIND_MS_PER_MIB;
  return { stallMs: stallTimeoutMs, responseMs, wholeMs: stallTimeoutMs + briefMs, briefMs };
};
