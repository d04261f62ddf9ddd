/** The `inspectBytes` hook, which inspects bytes that pass through the gateway. */

import { badRequest, HttpError } from '../http/http-error.js';
import { toStream } from '../http/multipart/write-multipart.js';
import type { Caller } from '../options/authorize.js';

/** The file of a body, which is the whole file or one part of it. */
export interface InspectedFile {
  readonly name: string;
  /** Bytes of the file; absent for files of a form and of a batch. */
  readonly size?: number;
  readonly type: string;
  readonly relativePath?: string;
  /** From 1; absent when the body is the whole file. Parts come in any order and in parallel. */
  readonly partNumber?: number;
}

export type InspectBytes = (
  file: InspectedFile,
  caller: Pick<Caller, 'userId' | 'workspaceId' | 'folderId'>,
) => TransformStream<Uint8Array, Uint8Array> | null;

/**
 * Thrown by an inspection to refuse the file; `message` is shown to the user. A plain `Error` refuses it, too, but its
 * message stays on the server, and all other errors are failures of the inspection.
 */
export class RefusedBytes extends Error {
  override readonly name = 'RefusedBytes';
}

/**
 * Pipes the bytes through the hook's stream. @throws HttpError 415 when it refuses them, 500 when it changes their
 * length.
 */
export const inspected = (
  bytes: AsyncIterable<Uint8Array>,
  file: InspectedFile,
  caller: Caller,
  inspect: InspectBytes | undefined,
): AsyncIterable<Uint8Array> => {
  const { userId, workspaceId, folderId } = caller;
  const transform = inspect?.(file, { userId, workspaceId, folderId }) ?? null;
  return transform === null ? bytes : through(bytes, transform);
};

const through = async function* (
  bytes: AsyncIterable<Uint8Array>,
  transform: TransformStream<Uint8Array, Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let taken = 0;
  let given = 0;
  const lost = new Set<unknown>();
  const counted = (async function* () {
    try {
      for await (const chunk of bytes) {
        taken += chunk.byteLength;
        yield chunk;
      }
    } catch (error) {
      lost.add(error);
      throw error;
    }
  })();
  const reader = toStream(counted).pipeThrough(transform).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        // What the client did not send is no matter of the hook.
        throw lost.has(error) ? error : toRefusal(error);
      });
      if (done) break;
      given += value.byteLength;
      yield value;
    }
    if (given !== taken) throw new HttpError(500, 'internal', 'the gateway failed', { cause: new Error(CHANGED) });
  } finally {
    void reader.cancel().catch(() => {});
  }
};

const CHANGED = 'the stream of inspectBytes must keep the length';

/** System errors, which have a code, and errors of another class are failures and stay what they are. */
const isPlain = (error: unknown): boolean =>
  !(error instanceof Error) || (error.name === 'Error' && !('code' in error));

const toRefusal = (error: unknown): unknown => {
  const isWorded = error instanceof RefusedBytes;
  if (isWorded && error.message === '') return badRequest('the file was refused');
  if (isWorded) {
    return new HttpError(415, 'type-not-allowed', error.message, { details: { userMessage: error.message } });
  }
  return isPlain(error) ? new HttpError(415, 'type-not-allowed', 'the file was refused', { cause: error }) : error;
};
