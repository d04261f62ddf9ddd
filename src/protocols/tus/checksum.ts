/** The header with which a server compares a body (extension `checksum`). Loaded on demand, because few pages ask for it. */

import { UploadError } from '../../ports/errors.js';
import { toBase64 } from './tus-server.js';

export type BodyChecksum = (body: Blob) => Promise<Readonly<Record<string, string>>>;

/** By SHA-256 where `algorithms`, as the server lists them, have it; otherwise by SHA-1, which every server has. */
export const checksumBy = (algorithms: string): BodyChecksum => {
  const isSha256 = algorithms.split(/[, ]+/).includes('sha256');
  return async (body) => {
    const bytes = await body.arrayBuffer().catch((cause: unknown) => {
      throw new UploadError('network', 'the file could not be read', { cause });
    });
    const digest = await crypto.subtle.digest(isSha256 ? 'SHA-256' : 'SHA-1', bytes);
    return { 'Upload-Checksum': `${isSha256 ? 'sha256' : 'sha1'} ${toBase64(new Uint8Array(digest))}` };
  };
};
