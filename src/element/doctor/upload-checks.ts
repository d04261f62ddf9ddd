/** Finds problems of backend and storage in the errors of uploads. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { bucketCors } from '../../lib/bucket-cors.js';
import type { UploadErrorInfo } from '../../ports/errors.js';
import type { Finding } from './doctor.js';

export interface MetErrors {
  readonly uploads: readonly UploadSnapshot[];
  /** Of failed attempts and failed uploads, including uploads that have left the list. */
  readonly metErrors: readonly UploadErrorInfo[];
}

const originIn = (message: string): string | null => /https?:\/\/[^\s/,;]+/.exec(message)?.[0] ?? null;

const corsFinding = ({ message }: UploadErrorInfo): Finding => {
  const origin = originIn(message);
  const needed = `The storage does not let this page send files: allow the origin ${location.origin}, the method PUT and the header Content-Type in its CORS rules, and expose ETag.`;
  if (origin === null) return { code: 'cors-storage', message: needed };
  const { storage, where, rules } = bucketCors(new URL(origin).host, [location.origin]);
  return { code: 'cors-storage', message: `${needed} Rules for ${storage} (${origin}):\n${rules}\n${where}` };
};

const protocolFinding = ({ message }: UploadErrorInfo): Finding =>
  message.includes('ETag')
    ? {
        code: 'etag-hidden',
        message: 'The answer to a part hides its ETag from the page: send Access-Control-Expose-Headers: ETag with it.',
      }
    : {
        code: 'answer-wrong',
        message: `An answer did not fit the protocol: ${message}. Answer as the protocol has it, or set protocol to what the backend speaks.`,
      };

/** All parts but the last have the same size. */
const partBytes = (uploads: readonly UploadSnapshot[]): string => {
  const sizes = uploads.flatMap(({ parts, size }) => (parts && parts.total > 1 ? Math.ceil(size / parts.total) : []));
  return sizes.length === 0 ? '' : ` of about ${Math.max(...sizes)} bytes`;
};

const findingOf = (error: UploadErrorInfo, uploads: readonly UploadSnapshot[]): Finding | null => {
  const { code, message, status, partNumber } = error;
  if (code === 'cors') return corsFinding(error);
  if (code === 'protocol') return protocolFinding(error);
  if (code === 'too-large' && partNumber !== undefined) {
    const parts = `The server refuses parts${partBytes(uploads)} as too large (413)`;
    return {
      code: 'part-too-large',
      message: `${parts}: raise its limit for a body (nginx: client_max_body_size), or set part-size below it.`,
    };
  }
  const isRefusal = status !== undefined && (status >= 500 || code === 'http');
  return isRefusal ? { code: 'upload-status', message: `${message}: look into the log of that server.` } : null;
};

/** One finding for each kind of problem, however many uploads had it. */
export const uploadFindings = ({ uploads, metErrors }: MetErrors): Finding[] => {
  const errors = [...metErrors, ...uploads.flatMap(({ error }) => error ?? [])];
  const findings = errors.map((error) => findingOf(error, uploads)).filter((found) => found !== null);
  return [...new Map(findings.map((found) => [`${found.code} ${found.message}`, found])).values()];
};
