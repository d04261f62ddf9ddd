/** Checks `presigned`: a grant per file, the bytes to the storage, and a confirmation if the backend has one. */

import { type JsonObject, readString } from '../../lib/json.js';
import { type Grant, type GrantRequest, parseGrant } from '../../wire/presigned.js';
import { checkExpiry } from './expiry.js';
import type { Answer, CheckRequest, Inspection } from './inspection.js';

const SIZE = 1024;
const TYPE = 'text/plain';
export const FILE_NAME = 'fastio-upload-check.txt';

export interface PresignedTarget {
  readonly endpoint: URL;
  readonly confirm: URL | null;
}

const wanted: GrantRequest = { filename: FILE_NAME, contentType: TYPE, size: SIZE };

export const checkPresigned = async (inspection: Inspection, { endpoint, confirm }: PresignedTarget): Promise<void> => {
  const open = { step: 'presigned: open', method: 'POST', url: endpoint } as const;
  await inspection.expectRefusal({ ...open, json: {} }, { what: 'a request without filename and size' });
  await inspection.checkAuth({ ...open, json: wanted });
  const grant = await requestGrant(inspection, { ...open, json: wanted });
  if (grant === null) return;
  if (await sendToStorage(inspection, 'presigned: store', grant, endpoint)) {
    if (confirm !== null) await checkConfirm(inspection, confirm, grant);
    await checkLength(inspection, { ...open, json: wanted }, { endpoint, confirm });
  }
};

const requestGrant = async (inspection: Inspection, request: CheckRequest): Promise<Grant | null> => {
  const answer = await inspection.expect(request);
  return answer && readGrant(inspection, request.step, answer.json);
};

/** Reports and returns null when the answer is not a grant. */
export const readGrant = (inspection: Inspection, step: string, json: JsonObject): Grant | null => {
  const grant = parseGrant(json);
  if (grant === null) reportFields(inspection, step, 'uploadUrl and fileId', json);
  return grant;
};

/** Reports the fields that are required and those that were received. */
export const reportFields = (inspection: Inspection, step: string, needed: string, json: JsonObject): void => {
  const got = Object.keys(json).join(', ') || 'no JSON object';
  inspection.report('wrong-fields', step, `the answer needs ${needed}; it has ${got}`);
};

/** The URL in an answer; null, which is reported, when a page cannot send to it. */
export const storageUrl = (inspection: Inspection, step: string, url: string, endpoint: URL): URL | null => {
  const parsed = URL.canParse(url, endpoint.href) ? new URL(url, endpoint) : null;
  const isSecure = parsed?.protocol === 'https:' || !inspection.options.pageOrigin.startsWith('https:');
  if (parsed !== null && isSecure && /^https?:$/.test(parsed.protocol)) return parsed;
  inspection.report(
    'wrong-fields',
    step,
    parsed === null ? 'the URL is none' : `a page may not send to ${parsed.origin}`,
  );
  return null;
};

/** Statuses by which a storage refuses a URL. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 410]);

/** Sends the announced bytes; returns whether they are stored. */
export const sendToStorage = async (
  inspection: Inspection,
  step: string,
  grant: Grant,
  endpoint: URL,
): Promise<boolean> => {
  const url = storageUrl(inspection, step, grant.uploadUrl, endpoint);
  if (url === null) return false;
  checkExpiry(inspection, step, { expiresAt: grant.expiresAt, url });
  return (await putBytes(inspection, storageRequest(step, grant, url, SIZE))) !== null;
};

/** Reports and returns null when the storage refuses the bytes. */
export const putBytes = async (inspection: Inspection, request: CheckRequest): Promise<Answer | null> => {
  const answer = await inspection.send(request);
  if (answer === null || answer.ok) return answer;
  const { storageCode } = answer;
  const status = `${answer.status}${storageCode === undefined ? '' : ` ${storageCode}`}`;
  if (REFUSED.has(answer.status)) {
    const why = 'the URL has expired, or was signed for other headers or another length';
    inspection.report('expired-url', request.step, `the storage refuses it with ${status}: ${why}`);
  } else inspection.report('wrong-status', request.step, `the storage answers ${status} to ${request.method}`);
  return null;
};

const storageRequest = (step: string, { method, headers, fields }: Grant, url: URL, size: number): CheckRequest => {
  const bytes = new Uint8Array(size).fill(0x61);
  const to = { step, method, url, as: 'storage' } as const;
  if (fields === undefined) return { ...to, body: bytes, headers: { 'content-type': TYPE, ...headers } };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([bytes], { type: TYPE }), FILE_NAME);
  return { ...to, body: form };
};

const confirmation = ({ fileId }: Grant) => ({ fileId, filename: FILE_NAME, size: SIZE, contentType: TYPE });

const checkConfirm = async (inspection: Inspection, url: URL, grant: Grant): Promise<void> => {
  const request = { step: 'presigned: confirm', method: 'POST', url, json: confirmation(grant) } as const;
  await inspection.checkAuth(request);
  const first = await inspection.expect(request);
  if (first === null) return;
  const again = await inspection.send(request);
  const [firstId, secondId] = [first, again].map((answer) => readString(answer?.json.fileId));
  if (again?.ok && firstId === secondId) return;
  const seen = again?.ok ? 'another fileId' : `${again?.status ?? 'nothing'}`;
  inspection.report('duplicate-completion', request.step, `asked twice, the second answer is ${seen}`);
};

/** The storage or the confirmation must refuse more bytes than were announced. */
const checkLength = async (
  inspection: Inspection,
  open: CheckRequest,
  { endpoint, confirm }: PresignedTarget,
): Promise<void> => {
  const step = 'presigned: length';
  const answer = await inspection.send(open);
  const grant = answer && parseGrant(answer.json);
  if (!grant || !URL.canParse(grant.uploadUrl, endpoint.href)) return;
  const larger = storageRequest(step, grant, new URL(grant.uploadUrl, endpoint), SIZE + 1);
  // A storage may end the connection instead of answering.
  const stored = await inspection.quietly(() => inspection.send(larger));
  if (!stored?.ok) return;
  if (confirm !== null) {
    const confirmed = await inspection.send({ step, method: 'POST', url: confirm, json: confirmation(grant) });
    if (confirmed !== null && !confirmed.ok) return;
  }
  inspection.report('ignored-length', step, `${SIZE + 1} bytes are stored by a grant for ${SIZE}`);
};
