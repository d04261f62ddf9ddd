/**
 * MD5 digests for the headers of part requests. A part cannot be sent before its digest is known, and digests are
 * computed one after another, so those of the next parts are begun while others are being sent.
 */

import { abortable } from '../../lib/abortable.js';
import type { Hasher } from '../../ports/hasher.js';
import type { CallOptions, Part, PreparePartOptions } from '../../ports/protocol.js';

type Digest = Promise<string | null | undefined>;

export class PartDigests {
  readonly #hasher: Hasher;
  /** Of parts that were not sent yet, by their boundaries. */
  readonly #begun = new Map<string, Digest>();

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** Begins the digests of `parts`, and waits for the first one. */
  async begin(parts: readonly Part[], { signal, file }: Pick<PreparePartOptions, 'signal' | 'file'>): Promise<void> {
    for (const part of parts) {
      if (file !== null && !this.#begun.has(keyOf(part))) {
        this.#begin(keyOf(part), file.slice(part.start, part.end), { signal });
      }
    }
    const [first] = parts;
    const digest = first && this.#begun.get(keyOf(first));
    if (digest) await abortable(digest, signal);
  }

  /** The digest of the part, used once: a part that is sent again is read again. */
  async take(part: Part, body: Blob, options: CallOptions): Promise<string | null | undefined> {
    const begun = this.#begun.get(keyOf(part));
    this.#begun.delete(keyOf(part));
    return (await begun) ?? this.#hasher.md5?.(body, options);
  }

  /** A digest that fails is forgotten; `take` computes it again, and reports why it cannot. */
  #begin(key: string, body: Blob, options: CallOptions): void {
    const digest: Digest = Promise.resolve(this.#hasher.md5?.(body, options)).catch(() => {
      if (this.#begun.get(key) === digest) this.#begun.delete(key);
      return null;
    });
    this.#begun.set(key, digest);
  }
}

const keyOf = ({ start, end }: Part): string => `${start}-${end}`;

/** Converts a hex digest to base64 for S3's headers; undefined without a digest. */
export const toBase64 = (hex: string | null | undefined): string | undefined =>
  hex == null ? undefined : btoa(hex.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));
