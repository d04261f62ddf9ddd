/** How long the phases of a data request may take, in milliseconds. */

import { MiB } from '../lib/byte-size.js';
import type { DataRequest } from '../ports/transport.js';
import type { TransportOptions } from './transport-options.js';

export interface DataTimeouts {
  /** Silence while bytes are being sent. */
  readonly stallMs: number;
  /** From the last byte to the answer: servers check and move what they got, which takes longer for more. */
  readonly responseMs: number;
  /** The whole request, where nothing is heard of its progress. */
  readonly wholeMs: number;
  /** The whole request, for a body that leaves in one go: little else than the wait for the answer. */
  readonly briefMs: number;
}

const RESPONSE_MS_PER_MIB = 20;
/** At 32 KiB a second; a link below that is better served by smaller parts than by longer waits. */
const BLIND_MS_PER_MIB = 32_000;

/** Bytes of a body; the frame of a form is not counted. */
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
