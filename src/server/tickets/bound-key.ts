import type { AdmittedFile } from '../storage/storage.js';
import type { Signer } from './signer.js';

/**
 * The idempotency key for the upstream. It binds the browser's key to the user and the file, so that a user cannot
 * reach another user's session, and a key that is used for two files opens two sessions.
 */
export const boundKey = async (
  key: string | undefined,
  file: AdmittedFile,
  userId: string,
  signer: Signer,
): Promise<{ readonly idempotencyKey?: string }> =>
  key === undefined
    ? {}
    : { idempotencyKey: await signer.sign('idempotency-key', JSON.stringify([userId, key, file])) };
