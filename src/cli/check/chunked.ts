/** Checks `chunked`: parts are sent to the backend itself. */

import { MiB } from '../../lib/byte-size.js';
import { defined } from '../../lib/defined.js';
import { readString } from '../../lib/json.js';
import { type InitRequest, parseInitAnswer } from '../../wire/chunked.js';
import { normalizeEtag } from '../../wire/etag.js';
import { PART_NUMBER_HEADER } from '../../wire/headers.js';
import { exposes } from './cors.js';
import type { Answer, Inspection } from './inspection.js';
import { FILE_NAME } from './presigned.js';
import { below, type Dialect } from './sessions.js';

const SIZE = 6 * MiB;
const SHORT_SIZE = 2000;

export const chunkedDialect = (inspection: Inspection, endpoint: URL): Dialect => ({
  name: 'chunked',
  endpoint,
  size: SIZE,
  shortSize: SHORT_SIZE,
  open: (size) => {
    const json: InitRequest = { filename: FILE_NAME, total_size: size, mime_type: 'text/plain' };
    return { step: 'chunked: init', method: 'POST', url: below(endpoint, 'init'), json };
  },
  read: parseInitAnswer,
  send: async ({ uploadId }, { number, bytes }) => {
    const url = below(endpoint, `${encodeURIComponent(uploadId)}/parts`);
    const headers = { 'content-type': 'application/octet-stream', [PART_NUMBER_HEADER]: String(number) };
    const request = { step: 'chunked: part', method: 'PUT', url, body: bytes } as const;
    if (number === 1) await inspection.checkAuth({ ...request, headers });
    const answer = await inspection.expect({ ...request, headers });
    return answer && defined({ etag: readEtag(inspection, answer) });
  },
});

/** The ETag as a page would see it; reports and returns undefined when it sees none. */
const readEtag = (inspection: Inspection, { headers, json }: Answer): string | undefined => {
  const inBody = normalizeEtag(readString(json.etag));
  const inHeader = normalizeEtag(headers.get('etag'));
  const step = 'chunked: part';
  if (inBody === undefined && inHeader === undefined) {
    inspection.report('hidden-etag', step, 'the answer to a part has no ETag');
  } else if (inBody === undefined && headers.has('access-control-allow-origin') && !exposes(headers, 'etag')) {
    inspection.report('hidden-etag', step, 'a page of another origin cannot read the ETag of a part');
  }
  return inHeader ?? inBody;
};
