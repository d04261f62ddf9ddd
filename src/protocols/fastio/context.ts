/** What the sessions of one protocol share. */

import type { Clock } from '../../ports/clock.js';
import { toUploadError } from '../../ports/errors.js';
import type { UploadFacts } from '../../ports/protocol.js';
import type { SlotSource } from '../../ports/slots.js';
import type { DeclaredFile, Target } from '../../wire/fastio.js';
import type { FastioApi } from './api.js';
import type { Checksums } from './checksums.js';
import type { CompletionPoller } from './completion-poller.js';

export interface Context {
  readonly api: FastioApi;
  readonly target: Target;
  readonly checksums: Checksums;
  readonly poller: CompletionPoller;
  readonly clock: Clock;
  /** The budget of data requests to the API. */
  readonly slots: SlotSource;
  /** Most data requests in flight, as the page wants it now. */
  readonly parallel: () => number;
  /** Until when locks may last whose token is lost, by their path; on the clock that never jumps. */
  readonly lostLocks: Map<string, number>;
  /** Releases of locks that are under way, by the path of the lock; none of them rejects. */
  readonly releases: Map<string, Promise<void>>;
}

/**
 * Key of the metadata that names a node whose content the upload replaces. The dialect has no place for metadata, so
 * this one entry is an instruction, and the rest is not sent; a gateway says so when it starts.
 */
export const REPLACES_KEY = 'fastioFileId';

export const declare = ({ name, size, relativePath, metadata }: UploadFacts): DeclaredFile => {
  const replaces = metadata?.[REPLACES_KEY];
  return { name, size, relativePath, ...(typeof replaces === 'string' && replaces !== '' && { replaces }) };
};

/** Runs a data request of `bytes` in a slot of the shared budget. */
export const inSlot = async <T>(
  { slots, parallel }: Pick<Context, 'slots' | 'parallel'>,
  owner: object,
  request: () => Promise<T>,
  { signal, bytes }: { readonly signal: AbortSignal; readonly bytes: number },
): Promise<T> => {
  const slot = await slots.acquire(owner, { limit: parallel(), signal, bytes });
  try {
    const answer = await request();
    slot?.confirmed(bytes);
    return answer;
  } catch (error) {
    if (!signal.aborted) slot?.failed(toUploadError(error), 0);
    throw error;
  } finally {
    slot?.release();
  }
};
