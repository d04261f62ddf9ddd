/** Checks of sessions, for `chunked` and `multipart`: numbered parts that are sent, listed, completed and deleted. */

import { MiB } from '../../lib/byte-size.js';
import { defined } from '../../lib/defined.js';
import { type JsonObject, readString } from '../../lib/json.js';
import { parsePartList } from '../../wire/part-list.js';
import { checkExpiry } from './expiry.js';
import type { CheckRequest, Inspection } from './inspection.js';
import { reportFields } from './presigned.js';

/** A session, with the fields that both dialects share. */
export interface OpenSession {
  readonly uploadId: string;
  readonly partSize?: number;
  readonly minPartSize?: number;
  readonly maxPartSize?: number;
  readonly expiresAt?: number;
}

export interface Dialect {
  readonly name: 'chunked' | 'multipart';
  readonly endpoint: URL;
  /** Bytes of the file that is sent in parts. */
  readonly size: number;
  /** Bytes of the file that stays incomplete; its first part has half of them. */
  readonly shortSize: number;
  /** The request that opens a session for this many bytes. */
  open(size: number): CheckRequest;
  /** Null when the answer is not a session. */
  read(json: JsonObject): OpenSession | null;
  /** Sends one part; reports a failure and returns null. */
  send(session: OpenSession, part: SentPart): Promise<{ readonly etag?: string } | null>;
}

export interface SentPart {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Receipt {
  readonly part_number: number;
  readonly etag?: string;
}

/** Statuses for an unknown session or an unknown route. */
const UNKNOWN_SESSION = [404, 410, 405, 501];
/** Small enough for a check, and S3's minimum. */
const PREFERRED_PART_BYTES = 5 * MiB;

export const below = (endpoint: URL, path: string): URL => {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url;
};

const sessionUrl = ({ endpoint }: Dialect, { uploadId }: Pick<OpenSession, 'uploadId'>, path = ''): URL =>
  below(endpoint, `${encodeURIComponent(uploadId)}${path}`);

export const checkSessions = async (inspection: Inspection, dialect: Dialect): Promise<void> => {
  const { name, endpoint } = dialect;
  const open = dialect.open(dialect.size);
  await inspection.expectRefusal({ ...open, json: {} }, { what: 'a request without filename and size' });
  const lost = { step: `${name}: unknown session`, method: 'GET', url: below(endpoint, 'no-such-session') } as const;
  await inspection.expectRefusal(lost, { what: 'GET of a session that is unknown', statuses: UNKNOWN_SESSION });
  const unprotected = await inspection.checkAuth(open);
  if (unprotected !== null) await release(inspection, dialect, dialect.read(unprotected.json));
  const session = await openSession(inspection, dialect, open);
  if (session === null) return;
  checkRange(inspection, open.step, session);
  checkExpiry(inspection, open.step, session);
  const receipts = await sendAll(inspection, dialect, session);
  if (receipts === null) return release(inspection, dialect, session);
  await checkState(inspection, dialect, session, receipts);
  await checkComplete(inspection, dialect, session, receipts);
  await checkLength(inspection, dialect);
};

const openSession = async (
  inspection: Inspection,
  dialect: Dialect,
  request: CheckRequest,
): Promise<OpenSession | null> => {
  const answer = await inspection.expect(request);
  const session = answer && dialect.read(answer.json);
  if (answer !== null && session === null) reportFields(inspection, request.step, 'upload_id', answer.json);
  return session;
};

const release = async (inspection: Inspection, dialect: Dialect, session: OpenSession | null): Promise<void> => {
  if (session === null) return;
  const step = `${dialect.name}: cancel`;
  const answer = await inspection.send({ step, method: 'DELETE', url: sessionUrl(dialect, session) });
  if (answer !== null && answer.status >= 500 && answer.status !== 501) {
    inspection.report('wrong-status', step, `DELETE is answered ${answer.status}`);
  }
};

const checkRange = (
  inspection: Inspection,
  step: string,
  { partSize, minPartSize, maxPartSize }: OpenSession,
): void => {
  if (partSize === undefined && minPartSize === undefined && maxPartSize === undefined) {
    inspection.report('no-part-range', step, 'the answer has no part sizes');
  } else if (minPartSize !== undefined && maxPartSize !== undefined && minPartSize > maxPartSize) {
    inspection.report('no-part-range', step, `min_part_size ${minPartSize} is above max_part_size ${maxPartSize}`);
  }
};

const sizeOfParts = ({ partSize, minPartSize = 1, maxPartSize = PREFERRED_PART_BYTES }: OpenSession): number =>
  partSize ?? Math.max(minPartSize, Math.min(PREFERRED_PART_BYTES, maxPartSize));

/** Sends the last part first, because parts may arrive in any order. */
const sendAll = async (inspection: Inspection, dialect: Dialect, session: OpenSession): Promise<Receipt[] | null> => {
  const size = sizeOfParts(session);
  const count = Math.ceil(dialect.size / size);
  const receipts: Receipt[] = [];
  for (let number = count; number >= 1; number -= 1) {
    const bytes = new Uint8Array(Math.min(size, dialect.size - (number - 1) * size)).fill(0x61);
    const sent = await dialect.send(session, { number, bytes });
    if (sent === null) return null;
    receipts.unshift({ part_number: number, ...sent });
  }
  inspection.notes.add(`${dialect.name}: stored ${count} parts of up to ${size} bytes`);
  return receipts;
};

const checkState = async (
  inspection: Inspection,
  dialect: Dialect,
  session: OpenSession,
  receipts: readonly Receipt[],
): Promise<void> => {
  const request = { step: `${dialect.name}: state`, method: 'GET', url: sessionUrl(dialect, session) } as const;
  await inspection.checkAuth(request);
  const answer = await inspection.send(request);
  if (answer === null || answer.status === 405 || answer.status === 501) return;
  if (!answer.ok) return inspection.report('wrong-status', request.step, `GET is answered ${answer.status}`);
  const state = parsePartList(answer.json);
  const numbers = new Set(state?.parts.map(({ number }) => number));
  const missing = receipts.filter(({ part_number }) => !numbers.has(part_number)).map(({ part_number }) => part_number);
  if (state === null) reportFields(inspection, request.step, 'parts', answer.json);
  else if (missing.length > 0) {
    const needed = 'part_number and size of each stored part';
    inspection.report('wrong-fields', request.step, `parts needs ${needed}; part ${missing[0]} is missing`);
  }
};

const fileIdIn = (json: JsonObject): string | undefined => readString(json.file_id) ?? readString(json.fileId);

const checkComplete = async (
  inspection: Inspection,
  dialect: Dialect,
  session: OpenSession,
  parts: readonly Receipt[],
): Promise<void> => {
  const step = `${dialect.name}: complete`;
  const request = { step, method: 'POST', url: sessionUrl(dialect, session, '/complete'), json: { parts } } as const;
  await inspection.checkAuth(request);
  const answer = await inspection.expect(request);
  if (answer === null) return;
  const fileId = fileIdIn(answer.json);
  if (fileId === undefined) return reportFields(inspection, step, 'file_id', answer.json);
  const again = await inspection.send(request);
  if (again?.ok && fileIdIn(again.json) === fileId) return;
  // The browser reads the state before it completes again, and uses its file id.
  const state = again?.ok ? null : await inspection.send({ step, method: 'GET', url: sessionUrl(dialect, session) });
  if (state?.ok && fileIdIn(state.json) === fileId) return;
  const seen = again?.ok ? `file_id ${fileIdIn(again.json) ?? 'missing'}` : `status ${again?.status ?? 'none'}`;
  inspection.report('duplicate-completion', step, `asked twice, the second answer differs: ${seen}`);
};

/** Completing half of a file must be refused. */
const checkLength = async (inspection: Inspection, dialect: Dialect): Promise<void> => {
  const step = `${dialect.name}: length`;
  const answer = await inspection.send({ ...dialect.open(dialect.shortSize), step });
  const session = answer?.ok ? dialect.read(answer.json) : null;
  if (session === null) return;
  const bytes = new Uint8Array(Math.ceil(Math.min(dialect.shortSize / 2, sizeOfParts(session)))).fill(0x61);
  const sent = await inspection.quietly(() => dialect.send(session, { number: 1, bytes }));
  // The backend may also refuse the part itself.
  if (sent !== null) {
    const json = { parts: [{ part_number: 1, ...defined({ etag: sent.etag }) }] };
    await inspection.expectRefusal(
      { step, method: 'POST', url: sessionUrl(dialect, session, '/complete'), json },
      { code: 'ignored-length', what: `a completion with ${bytes.byteLength} of ${dialect.shortSize} bytes` },
    );
  }
  await release(inspection, dialect, session);
};
