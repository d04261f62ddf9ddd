/** A ready-made `inspectBytes`: the first bytes of a file must be those of the type that it claims to be. */

import { type InspectBytes, RefusedBytes } from './inspect-bytes.js';

interface Signature {
  readonly offset: number;
  readonly bytes: readonly number[];
}

const at = (offset: number, ...bytes: readonly number[]): Signature => ({ offset, bytes });
const text = (offset: number, letters: string): Signature => at(offset, ...new TextEncoder().encode(letters));

const ZIP = [at(0, 0x50, 0x4b, 3, 4), at(0, 0x50, 0x4b, 5, 6), at(0, 0x50, 0x4b, 7, 8)];
/** ISO base media: MP4, QuickTime, HEIF and AVIF share one box, which may be of any length. */
const ISO_MEDIA = [text(4, 'ftyp')];

/** Signatures by type, any of which will do (source: the WHATWG MIME Sniffing standard; RFC 8081; the formats' own documents). */
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

/** By the ending of the name, where that claims more than the declared type does. */
const TYPE_OF_ENDING: Readonly<Record<string, string>> = {
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

/** The longest signature ends here. */
const HEAD_BYTES = 16;

export interface SignatureOptions {
  /** Shown to the person. @default 'The file is not what its name says.' */
  readonly message?: string;
}

/**
 * Refuses files whose bytes are not those of the declared type, and of the name's ending. Types without a known signature
 * pass, as text and SVG do; so do empty files.
 *
 * @example createUploadHandler({ inspectBytes: checkSignatures(), limits: { accept: 'image/png,image/jpeg' }, … })
 */
export const checkSignatures = ({
  message = 'The file is not what its name says.',
}: SignatureOptions = {}): InspectBytes => {
  return ({ name, type, partNumber = 1 }) => {
    const claims = [essence(type), TYPE_OF_ENDING[name.split('.').at(-1)?.toLowerCase() ?? '']].flatMap((claim) => {
      const signatures = claim === undefined ? undefined : SIGNATURES[claim];
      return signatures === undefined ? [] : [signatures];
    });
    return partNumber > 1 || claims.length === 0 ? null : headCheck(claims, message);
  };
};

const essence = (type: string): string => type.toLowerCase().split(';', 1)[0]?.trim() ?? '';

/** Holds back the first bytes until they are judged. */
const headCheck = (claims: readonly (readonly Signature[])[], message: string) => {
  let head = new Uint8Array(0);
  let isJudged = false;
  const judge = (): void => {
    isJudged = true;
    const fits = claims.every((signatures) => signatures.some((signature) => matches(head, signature)));
    if (head.length > 0 && !fits) throw new RefusedBytes(message);
  };
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (isJudged) return controller.enqueue(chunk);
      const joined = new Uint8Array(head.length + chunk.length);
      joined.set(head);
      joined.set(chunk, head.length);
      head = joined;
      if (head.length < HEAD_BYTES) return;
      judge();
      controller.enqueue(head);
    },
    flush(controller) {
      if (isJudged) return;
      judge();
      if (head.length > 0) controller.enqueue(head);
    },
  });
};

const matches = (head: Uint8Array, { offset, bytes }: Signature): boolean =>
  bytes.every((byte, index) => head[offset + index] === byte);
