/**
 * Finds what the network broke: a part's MD5, made while the part is on its way, against what the server says it stored.
 * Reading the bytes a second time for it also finds a file that changes under way.
 */

import { joinSignals } from '../../lib/joint-signal.js';
import { UploadError } from '../../ports/errors.js';
import type { Hasher } from '../../ports/hasher.js';
import type { CallOptions, Part, Receipt } from '../../ports/protocol.js';
import { isMd5Etag } from '../../wire/etag.js';

export class PartChecks {
  readonly #md5: NonNullable<Hasher['md5']> | null;
  /** Numbers of the parts that once arrived broken. */
  readonly #broken = new Set<number>();

  /** Nothing is checked without a hasher that makes MD5. */
  constructor(hasher: Hasher | null) {
    this.#md5 = hasher?.md5?.bind(hasher) ?? null;
  }

  /** @throws UploadError `checksum-mismatch`, which may be tried again once for each part. */
  async during(part: Part, body: Blob, { signal }: CallOptions, send: () => Promise<Receipt>): Promise<Receipt> {
    if (this.#md5 === null) return send();
    const stop = joinSignals(signal);
    const digest = this.#md5(body, { signal: stop.signal });
    // Whether it could be made matters only once the part has arrived.
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

  /** Whether the server's part is the one that the file holds; true where that cannot be told. */
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
