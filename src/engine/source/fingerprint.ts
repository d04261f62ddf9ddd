/** Compares files: name, size and date prove a difference, samples of the content an equality. */

import { abortable } from '../../lib/abortable.js';
import { UploadError } from '../../ports/errors.js';
import type { Hasher } from '../../ports/hasher.js';
import type { SourceFile } from '../../ports/source.js';
import type { KnownFile } from '../upload/file-description.js';
import type { Upload } from '../upload/upload.js';

/** Bytes read at the start, in the middle and at the end, which takes milliseconds for a file of any size. */
const SAMPLE_BYTES = 16_384;

/** Files up to this many bytes are read whole, because each slice is another request to the browser process. */
const IN_ONE_READ = 65_536;

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

/**
 * Samples the file of an upload that was begun without its samples, because it is brief. One that cannot be read stays
 * unknown, and so does one of which a part is stored, because some browsers read the file as it is now.
 */
export const identify = async (upload: Upload, hasher: Hasher): Promise<void> => {
  const { file, receipts } = upload;
  if (receipts.size > 0) return;
  const fingerprint = upload.fingerprint ?? (file && (await fingerprintOf(file, hasher).catch(() => null)));
  if (upload.file === file) upload.fingerprint ??= fingerprint;
};

const samplesOf = (bytes: ArrayBuffer, starts: readonly number[]): ArrayBuffer => {
  const all = new Uint8Array(bytes);
  const samples = new Uint8Array(starts.length * SAMPLE_BYTES);
  starts.forEach((start, index) => {
    samples.set(all.subarray(start, start + SAMPLE_BYTES), index * SAMPLE_BYTES);
  });
  return samples.buffer;
};

/** True when `file` may be the known one, judged without reading it. */
export const mayBeSame = (known: KnownFile, file: SourceFile): boolean =>
  known.name === file.name &&
  known.size === file.size &&
  (known.fingerprint !== null || known.lastModified === file.lastModified);

/**
 * True when `file` is the known one. A new date does not matter if the content is the same.
 * @throws UploadError `source-unreadable` or `source-changed`, when the file cannot be read.
 */
export const isEqual = async (known: KnownFile, file: SourceFile, hasher: Hasher): Promise<boolean> => {
  if (!mayBeSame(known, file)) return false;
  const fingerprint = known.fingerprint === null ? null : await fingerprintOf(file, hasher);
  return fingerprint === null ? known.lastModified === file.lastModified : fingerprint === known.fingerprint;
};

/** The same, but false when `file` cannot be read. */
export const isSame = (known: KnownFile, file: SourceFile, hasher: Hasher): Promise<boolean> =>
  isEqual(known, file, hasher).catch(() => false);

/**
 * Reads one byte, because browsers report an unreadable file as a network error of the request, or wait for the missing
 * bytes. Of a truncated file Firefox reads what is left without an error, and beyond it zero bytes.
 * @throws UploadError `source-unreadable` or `source-changed`.
 */
export const assertReadable = async (file: SourceFile, position: number): Promise<void> => {
  if (file.size === 0) return;
  const start = Math.min(position, file.size - 1);
  const bytes = await read(file.slice(start, start + 1));
  if (bytes.byteLength === 0) throw new UploadError('source-changed', 'the file changed while it was being sent');
};

/** Longest wait for a read, in milliseconds: a network drive may never answer. */
export const READ_MS = 30_000;

const read = (blob: Blob): Promise<ArrayBuffer> =>
  abortable(blob.arrayBuffer(), AbortSignal.timeout(READ_MS)).catch((cause: unknown) => {
    throw readError(cause);
  });

/** A missing file gives NotFoundError, a changed size or date NotReadableError; in WebKit both give NotFoundError. */
const readError = (cause: unknown): UploadError =>
  cause instanceof DOMException && cause.name === 'NotReadableError'
    ? new UploadError('source-changed', 'the file changed, or can no longer be read', { cause })
    : new UploadError('source-unreadable', 'the file can no longer be read', {
        cause,
        retriable: cause instanceof DOMException && cause.name === 'TimeoutError',
      });
