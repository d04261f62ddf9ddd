/** A ready-made `inspectBytes` that compares the first bytes of a file with the signature of its declared type. */

import { withoutParameters } from '../../lib/types/file-types.js';
import { type InspectBytes, RefusedBytes } from './inspect-bytes.js';

interface Signature {
  readonly offset: number;
  readonly bytes: readonly number[];
}

const at = (offset: number, ...bytes: readonly number[]): Signature => ({ offset, bytes });
const text = (offset: number, letters: string): Signature => at(offset, ...new TextEncoder().encode(letters));

const ZIP = [at(0, 0x50, 0x4b, 3, 4), at(0, 0x50, 0x4b, 5, 6), at(0, 0x50, 0x4b, 7, 8)];
/** ISO base media: MP4, QuickTime, HEIF and AVIF begin with the same box, which may have any length. */
const ISO_MEDIA = [text(4, 'ftyp')];

/**
 * Signatures by type; one must match (source: the WHATWG MIME Sniffing standard; RFC 8081; the formats' own documents).
 */
const SIGNATURES: Readonly<Record<string, readonly Signature[]>> = {
  'image/png': [at(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  'image/jpeg': [at(0, 0xff, 0xd8, 0xff)],
  'image/gif': [text(0, 'GIF87a'), text(0, 'GIF89a')],
  'image/webp': [text(8, 'WEBP')],
  'image/bmp': [text(0, 'BM')],
  'image/tiff': [at(0, 0x49, 0x49, 0x2a, 0), at(0, 0x4d, 0x4d, 0, 0x2a)],
  'image/avif': ISO_MEDIA,
  'image/heic': ISO_MEDIA,
  'image/heif': ISO_MEDIA,
  'video/mp4': ISO_MEDIA,
  'video/webm': [at(0, 0x1a, 0x45, 0xdf, 0xa3)],
  'audio/mp4': ISO_MEDIA,
  'audio/mpeg': [text(0, 'ID3'), at(0, 0xff, 0xfb), at(0, 0xff, 0xf3), at(0, 0xff, 0xf2), at(0, 0xff, 0xfa)],
  'audio/wav': [text(8, 'WAVE')],
  'audio/ogg': [text(0, 'OggS')],
  'application/pdf': [text(0, '%PDF-')],
  'application/zip': ZIP,
  'application/gzip': [at(0, 0x1f, 0x8b)],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ZIP,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ZIP,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ZIP,
};

/** Types by file name extension, checked in addition to the declared type. */
const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  pdf: 'application/pdf',
  zip: 'application/zip',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/** Bytes that contain every signature. */
const HEAD_BYTES = 16;

export interface SignatureOptions {
  /** Shown to the user. @default 'The file is not what its name says.' */
  readonly message?: string;
}

/**
 * Refuses files whose first bytes do not match the declared type or the name's extension. Types without a known
 * signature, such as text and SVG, and empty files pass.
 *
 * @example createUploadHandler({ inspectBytes: checkSignatures(), limits: { accept: 'image/png,image/jpeg' }, … })
 */
export const checkSignatures = ({
  message = 'The file is not what its name says.',
}: SignatureOptions = {}): InspectBytes => {
  return ({ name, type, partNumber = 1 }) => {
    const claims = [withoutParameters(type), TYPE_OF_EXTENSION[name.split('.').at(-1)?.toLowerCase() ?? '']].flatMap(
      (claim) => {
        const signatures = claim === undefined ? undefined : SIGNATURES[claim];
        return signatures === undefined ? [] : [signatures];
      },
    );
    return partNumber > 1 || claims.length === 0 ? null : headCheck(claims, message);
  };
};

/** Holds back the first bytes until they are checked. */
const headCheck = (claims: readonly (readonly Signature[])[], message: string) => {
  let head = new Uint8Array(0);
  let isChecked = false;
  const check = (): void => {
    isChecked = true;
    const fits = claims.every((signatures) => signatures.some((signature) => matches(head, signature)));
    if (head.length > 0 && !fits) throw new RefusedBytes(message);
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (isChecked) return controller.enqueue(chunk);
      const joined = new Uint8Array(head.length + chunk.length);
      joined.set(head);
      joined.set(chunk, head.length);
      head = joined;
      if (head.length < HEAD_BYTES) return;
      check();
      controller.enqueue(head);
    },
    flush(controller) {
      if (isChecked) return;
      check();
      if (head.length > 0) controller.enqueue(head);
    },
  });
};

const matches = (head: Uint8Array, { offset, bytes }: Signature): boolean =>
  bytes.every((byte, index) => head[offset + index] === byte);
