import type { AdmittedFile } from '../storage/storage.js';
import type { Signer } from './signer.js';

/**
 * The browser's idempotency key as the upstream gets it. Bound to the user and to the file, so that no other user can reach what
 * another user opened, and so that one key never stands for two files.
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
