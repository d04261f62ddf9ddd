/** Checks `multipart`: parts are sent to a storage, each by a URL that the backend signs. */

import { createHash } from 'node:crypto';
import { MiB } from '../../lib/byte-size.js';
import { defined } from '../../lib/defined.js';
import { isObject } from '../../lib/json.js';
import { normalizeEtag } from '../../wire/etag.js';
import { type MultipartOpenRequest, parseMultipartOpenAnswer, parsePartUrls } from '../../wire/multipart.js';
import { checkExpiry } from './expiry.js';
import type { Inspection } from './inspection.js';
import { FILE_NAME, putBytes, reportFields, storageUrl } from './presigned.js';
import { below, type Dialect, type OpenSession } from './sessions.js';

/** Larger files are not sent, even if the backend uses parts only above this many bytes. */
const MAX_BYTES = 32 * MiB;

interface MultipartOpen extends OpenSession {
  readonly checksum: 'md5' | 'sha256' | null;
}

/** @param above Files of more bytes than this are sent in parts. */
export const multipartDialect = (inspection: Inspection, endpoint: URL, above: number): Dialect => {
  const size = Math.min(MAX_BYTES, Math.max(6 * MiB, above + 1));
  const sessions = new Map<string, MultipartOpen>();
  return {
    name: 'multipart',
    endpoint,
    size,
    shortSize: size,
    open: (bytes) => {
      const json: MultipartOpenRequest = { filename: FILE_NAME, size: bytes, content_type: 'text/plain' };
      return { step: 'multipart: open', method: 'POST', url: endpoint, json };
    },
    read: (json) => {
      const session = parseMultipartOpenAnswer(json);
      if (session !== null) sessions.set(session.uploadId, session);
      return session;
    },
    send: async ({ uploadId }, { number, bytes }) => {
      const checksum = sessions.get(uploadId)?.checksum ?? null;
      const digest = checksum && createHash(checksum).update(bytes).digest('base64');
      const wanted = {
        part_number: number,
        size: bytes.byteLength,
        ...(checksum === 'sha256' && { checksum: digest }),
      };
      const sign = {
        step: 'multipart: sign',
        method: 'POST',
        url: below(endpoint, `${encodeURIComponent(uploadId)}/sign`),
        json: { parts: [wanted] },
      } as const;
      if (number === 1) await inspection.checkAuth(sign);
      const answer = await inspection.expect(sign);
      if (answer === null) return null;
      const part = parsePartUrls(answer.json.parts).find((signed) => signed.number === number);
      if (part === undefined) {
        const [first] = Array.isArray(answer.json.parts) ? answer.json.parts : [];
        reportFields(inspection, sign.step, 'parts of part_number and url', isObject(first) ? first : answer.json);
        return null;
      }
      const step = 'multipart: part';
      const url = storageUrl(inspection, step, part.url, endpoint);
      if (url === null) return null;
      checkExpiry(inspection, step, { url });
      const headers = { ...(checksum === 'md5' && digest && { 'content-md5': digest }), ...part.headers };
      const etag = await putBytes(inspection, { step, method: 'PUT', url, body: bytes, headers, as: 'storage' });
      return etag && defined({ etag: normalizeEtag(etag.headers.get('etag')) });
    },
  };
};
