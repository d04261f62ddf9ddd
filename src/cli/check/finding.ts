/** Findings of `check`, with their fixes. */

import { bucketCors } from '../../lib/bucket-cors.js';

const FIXES = {
  unreachable: 'Start the backend, and name the URL that the attribute endpoint has.',
  cors: 'Answer OPTIONS with 204 and Access-Control-Allow-Origin, -Methods and -Headers, and every other answer, errors included, with Access-Control-Allow-Origin. For a bucket, set its CORS rules.',
  'hidden-etag':
    'Send the ETag of each part, with Access-Control-Expose-Headers: ETag for pages of other origins, or {etag} in the body.',
  'wrong-fields': 'Answer with the fields of the wire contract, in JSON.',
  'no-part-range':
    'Answer part_size, or min_part_size and max_part_size, in bytes; without them the browser has to guess what you take.',
  'ignored-length':
    'Bind each upload to the size that was announced: sign content-length, or compare the sizes before you complete, and answer 4xx.',
  'expired-url':
    'Compare the key, the region and the bucket with the storage. Sign URLs for 15 minutes at the moment they are asked for, and for exactly the headers of the request.',
  'wrong-status':
    'Answer 2xx for success, 4xx for what the browser did wrong, 404 or 410 for a session that is unknown, and 5xx only for faults of your own.',
  redirect: 'Answer at this URL itself; look for rules about trailing slashes, http to https, and sign-in pages.',
  clock: 'Set the clock of the server by NTP: signatures and expiry depend on it.',
  'slow-answer': 'Answer control requests at once; do long work after the answer.',
  'duplicate-completion':
    'Remember what a session or grant became, and answer the same again: the browser repeats what had no answer.',
  'no-auth': 'Check who is asking at every step, and answer 401.',
} as const;

export type FindingCode = keyof typeof FIXES;

export interface Finding {
  readonly code: FindingCode;
  /** A warning does not change the exit code. */
  readonly level: 'fault' | 'warning';
  /** Protocol and step. */
  readonly step: string;
  /** Description, without the path and query of URLs, which may be secret. */
  readonly message: string;
  readonly fix: string;
}

/** How a bucket at this host is told to allow the page: its storage's own rules, and where they are entered. */
export const bucketFix = (host: string, pageOrigin: string): string => {
  const { where, rules } = bucketCors(host, [pageOrigin]);
  return `${FIXES.cors}\n${where}\n${rules}`;
};

export const findingOf = (
  code: FindingCode,
  step: string,
  message: string,
  { level = 'fault', fix = FIXES[code] }: Partial<Pick<Finding, 'level' | 'fix'>> = {},
): Finding => ({ code, level, step, message, fix });
