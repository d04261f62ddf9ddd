/** Relays a part from the browser to the bucket. */

import { Deadline } from '../../http/deadline.js';
import { relayedBody } from '../../http/relayed-body.js';

export interface PartRelay {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly deadline: AbortSignal;
  /** Call it when the request ends. */
  readonly end: () => void;
}

/** As `relayedBody`; null sends no bytes. The storage has `timeoutMs` to answer. */
export const partRelay = (bytes: AsyncIterable<Uint8Array> | null, timeoutMs: number): PartRelay => {
  const deadline = new Deadline(undefined);
  if (bytes === null) deadline.start(timeoutMs);
  return {
    body: bytes === null ? new Uint8Array() : relayedBody(bytes, deadline, timeoutMs),
    deadline: deadline.signal,
    end: () => deadline.end(),
  };
};
