/** Is this the same file? Names, sizes and dates say when it is not; samples of the content say when it is. */

import { abortable } from '../../lib/abortable.js';
import { UploadError } from '../../ports/errors.js';
import type { Hasher } from '../../ports/hasher.js';
import type { SourceFile } from '../../ports/source.js';

/** Bytes read at the head, in the middle and at the tail: milliseconds for a file of any size. */
const SAMPLE_BYTES = 16_384;

/** Up to this many bytes a file is read whole: each cut makes the page wait for another process. */
const IN_ONE_READ = 65_536;

/** What is known of a file from before. */
export interface KnownFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  /** Null where no digest could be made. */
  readonly fingerprint: string | null;
}

/**
 * Digest of samples of the content, hex; null where the platform has no digest.
 * @throws UploadError `source-unreadable` or `source-changed`.
 */
export const fingerprintOf = async (file: SourceFile, hasher: Hasher): Promise<string | null> => {
  if (file.size <= SAMPLE_BYTES) return hasher.sha256(await read(file));
  const tail = file.size - SAMPLE_BYTES;
  const starts = [...new Set([0, Math.floor(tail / 2), tail])];
  if (file.size <= IN_ONE_READ) return hasher.sha256(samplesOf(await read(file), starts));
  return hasher.sha256(await read(new Blob(starts.map((start) => file.slice(start, start + SAMPLE_BYTES)))));
};

const samplesOf = (bytes: ArrayBuffer, starts: readonly number[]): ArrayBuffer => {
  const samples = new Uint8Array(starts.length * SAMPLE_BYTES);
  starts.forEach((start, index) => {
    samples.set(new Uint8Array(bytes.slice(start, start + SAMPLE_BYTES)), index * SAMPLE_BYTES);
  });
  return samples.buffer;
};

/** Whether `file` may be the one we know: cheap, and enough to decide whom to ask for samples. */
export const mayBeSame = (known: KnownFile, file: SourceFile): boolean =>
  known.name === file.name &&
  known.size === file.size &&
  (known.fingerprint !== null || known.lastModified === file.lastModified);

/**
 * Whether `file` is the one we know. A new date alone does not matter as long as the content is the same. A file that
 * cannot be read is none that we know.
 */
export const isSame = async (known: KnownFile, file: SourceFile, hasher: Hasher): Promise<boolean> => {
  if (!mayBeSame(known, file)) return false;
  try {
    const fingerprint = known.fingerprint === null ? null : await fingerprintOf(file, hasher);
    return fingerprint === null ? known.lastModified === file.lastModified : fingerprint === known.fingerprint;
  } catch {
    return false;
  }
};

/**
 * Browsers report a file that cannot be read any more as a bare network error of the request, or wait for bytes that are
 * not there; reading one byte tells. Of a file that was cut short Firefox reads what is left, and beyond it nothing.
 * @throws UploadError `source-unreadable` or `source-changed`.
 */
export const assertReadable = async (file: SourceFile, position: number): Promise<void> => {
  if (file.size === 0) return;
  const start = Math.min(position, file.size - 1);
  const bytes = await read(file.slice(start, start + 1));
  if (bytes.byteLength === 0) throw new UploadError('source-changed', 'the file changed while it was being sent');
};

/** A drive that gives nothing within this time, in milliseconds, may never answer. */
export const READ_MS = 30_000;

const read = (blob: Blob): Promise<ArrayBuffer> =>
  abortable(blob.arrayBuffer(), AbortSignal.timeout(READ_MS)).catch((cause: unknown) => {
    throw readError(cause);
  });

/** A missing file is NotFoundError; one whose size or date moved is NotReadableError. WebKit calls both NotFoundError. */
const readError = (cause: unknown): UploadError =>
  cause instanceof DOMException && cause.name === 'NotReadableError'
    ? new UploadError('source-changed', 'the file changed, or may no longer be read', { cause })
    : new UploadError('source-unreadable', 'the file can no longer be read', {
        cause,
        retriable: cause instanceof DOMException && cause.name === 'TimeoutError',
      });
