/**
 * Detects parts that were corrupted on the way: the MD5 of a part, computed while it is sent, is compared with the
 * server's ETag. The bytes are read a second time for it, which also detects a file that changes meanwhile.
 */

import { joinSignals } from '../../lib/joint-signal.js';
import { UploadError } from '../../ports/errors.js';
import type { Hasher } from '../../ports/hasher.js';
import type { CallOptions, Part, Receipt } from '../../ports/protocol.js';
import { isMd5Etag } from '../../wire/etag.js';

export class PartChecks {
  readonly #md5: NonNullable<Hasher['md5']> | null;
  /** Numbers of the parts that arrived corrupted once. */
  readonly #broken = new Set<number>();

  /** Checks nothing unless `hasher` has MD5. */
  constructor(hasher: Hasher | null) {
    this.#md5 = hasher?.md5?.bind(hasher) ?? null;
  }

  /** @throws UploadError `checksum-mismatch`, retriable once per part. */
  async during(part: Part, body: Blob, { signal }: CallOptions, send: () => Promise<Receipt>): Promise<Receipt> {
    if (this.#md5 === null) return send();
    const stop = joinSignals(signal);
    const digest = this.#md5(body, { signal: stop.signal });
    // A failure to compute the digest matters only once the part has arrived.
    digest.catch(() => {});
    try {
      const receipt = await send();
      if (isContradicted(receipt, isComparable(receipt) ? await digest : null)) this.#refuse(part.number);
      return receipt;
    } finally {
      stop.abort();
      stop.release();
    }
  }

  /** True when the server's part equals the file's, and where the ETag is not an MD5. */
  async verifyPart(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean> {
    if (this.#md5 === null || !isComparable(receipt)) return true;
    return !isContradicted(receipt, await this.#md5(body, options));
  }

  #refuse(partNumber: number): never {
    const retriable = !this.#broken.has(partNumber);
    this.#broken.add(partNumber);
    const message = `part ${partNumber} did not arrive as it was sent`;
    throw new UploadError('checksum-mismatch', message, { retriable, partNumber });
  }
}

const isComparable = ({ etag }: Receipt): boolean => etag !== undefined && isMd5Etag(etag);

const isContradicted = ({ etag }: Receipt, digest: string | null): boolean =>
  digest !== null && etag?.toLowerCase() !== digest;
