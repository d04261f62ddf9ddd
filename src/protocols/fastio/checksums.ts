/**
 * Digests of what is sent, so that the server detects corrupted bytes. CRC-32C where the server supports it, because
 * the values of the parts combine to that of the file; otherwise a digest of Web Crypto, or none.
 *
 * It needs no worker: a mebibyte takes a few milliseconds, and reading the next one yields to the page. Bytes are read
 * twice, the second time from the disk's cache, so the server also detects a file that changes in between.
 */

import { MiB } from '../../lib/byte-size.js';
import { crc32c, toCrc32cHex } from '../../lib/crc32c.js';
import { toHex } from '../../lib/hex.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import { type Checksum, parseAlgorithms } from '../../wire/fastio.js';
import { SharedRequest } from '../shared/shared-request.js';
import type { FastioApi } from './api.js';
import { Semaphore } from './semaphore.js';

/** Names in the API and in Web Crypto, best first. */
const DIGESTS = [
  ['sha256', 'SHA-256'],
  ['sha384', 'SHA-384'],
  ['sha1', 'SHA-1'],
] as const;

export interface Checked {
  readonly checksum: Checksum | null;
  /** Null when the checksum is of another kind. */
  readonly crc32c: number | null;
}

const UNCHECKED: Checked = { checksum: null, crc32c: null };

/** Files and parts that are read at once, which limits the memory in use. */
const READERS = 6;

export class Checksums {
  readonly #readers = new Semaphore(READERS);
  readonly #algorithms: SharedRequest<readonly string[]>;

  constructor(api: FastioApi) {
    this.#algorithms = new SharedRequest(async (options) =>
      parseAlgorithms(await api.control({ method: 'GET', path: 'upload/algos/' }, options)),
    );
  }

  /**
   * @throws UploadError `network` when the file cannot be read, as browsers report it; the engine then checks the file.
   */
  async of(body: Blob, options: CallOptions): Promise<Checked> {
    const algorithms = await this.#listed(options);
    return this.#readers.run(() => check(body, algorithms, options), options);
  }

  /** A failure means no checksums, and does not stop the upload. */
  async #listed(options: CallOptions): Promise<readonly string[]> {
    try {
      return await this.#algorithms.get(options);
    } catch {
      options.signal.throwIfAborted();
      return [];
    }
  }
}

const check = async (body: Blob, algorithms: readonly string[], options: CallOptions): Promise<Checked> => {
  if (algorithms.includes('crc32c')) {
    const crc = await crcOf(body, options);
    return { checksum: { algorithm: 'crc32c', value: toCrc32cHex(crc) }, crc32c: crc };
  }
  const digest = DIGESTS.find(([name]) => algorithms.includes(name));
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (digest === undefined || subtle === undefined) return UNCHECKED;
  const [algorithm, webName] = digest;
  const value = toHex(new Uint8Array(await subtle.digest(webName, await read(body))));
  options.signal.throwIfAborted();
  return { checksum: { algorithm, value }, crc32c: null };
};

const crcOf = async (body: Blob, { signal }: CallOptions): Promise<number> => {
  let crc = 0;
  for (let start = 0; start < body.size; start += MiB) {
    const bytes = await read(body.slice(start, start + MiB));
    signal.throwIfAborted();
    crc = crc32c(new Uint8Array(bytes), crc);
  }
  return crc;
};

const read = async (slice: Blob): Promise<ArrayBuffer> => {
  try {
    return await slice.arrayBuffer();
  } catch (cause) {
    throw new UploadError('network', 'the file could not be read', { cause });
  }
};
