/** The objects that the sessions of one protocol share. */

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
  /** The slots for data requests to the API. */
  readonly slots: SlotSource;
  /** The current `parallel` option. */
  readonly parallel: () => number;
  /** When locks whose token is lost expire at the latest, by their path; as `clock.now()`. */
  readonly lostLocks: Map<string, number>;
  /** Releases in flight, by the path of the lock; they never reject. */
  readonly releases: Map<string, Promise<void>>;
}

/**
 * Metadata key of the node whose content the upload replaces. The API has no field for metadata, so this entry is an
 * instruction and the others are not sent; a gateway reports that when it starts.
 */
export const REPLACES_KEY = 'fastioFileId';

export const declare = ({ name, size, relativePath, metadata }: UploadFacts): DeclaredFile => {
  const replaces = metadata?.[REPLACES_KEY];
  return { name, size, relativePath, ...(typeof replaces === 'string' && replaces !== '' && { replaces }) };
};

/** Acquires a slot, runs a data request of `bytes` in it, and reports the outcome. */
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
