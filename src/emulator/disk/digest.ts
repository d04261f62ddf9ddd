import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { MiB } from '../../lib/byte-size.js';
import { crc32c, toCrc32cHex } from '../../lib/crc32c.js';

export type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'crc32c';

/** A running digest. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. */
  hex(): string;
}

const createCrc32cDigest = (): Digest => {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32c(bytes, crc);
    },
    hex: () => toCrc32cHex(crc),
  };
};

export const createDigest = (algorithm: Algorithm): Digest => {
  if (algorithm === 'crc32c') return createCrc32cDigest();
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

/** Digest of a file on disk, lower-case hex. */
export const digestFile = async (path: string, algorithm: Algorithm): Promise<string> => {
  const digest = createDigest(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: MiB })) digest.update(chunk);
  return digest.hex();
};
