/** What `chunked` and `multipart` have in common: a session of numbered parts that is listed, completed and released. */

import { MiB } from '../../lib/byte-size.js';
import { defined } from '../../lib/defined.js';
import { type JsonObject, readString } from '../../lib/json.js';
import { parseMultipartState } from '../../wire/multipart.js';
import { checkExpiry } from './expiry.js';
import type { Ask, Inspection } from './inspection.js';
import { reportFields } from './presigned.js';

/** A session, as far as both dialects name it alike. */
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
  /** Bytes of the file that goes in parts. */
  readonly size: number;
  /** Bytes of the file that is left incomplete; its first part has half of them. */
  readonly shortSize: number;
  /** The request that opens a session for so many bytes. */
  open(size: number): Ask;
  /** Null for what is no session. */
  read(json: JsonObject): OpenSession | null;
  /** Sends one part; null when it was not taken, which is reported. */
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

/** Statuses for a session that is unknown, and for a route that does not exist. */
const UNKNOWN_SESSION = [404, 410, 405, 501];
/** Small enough for a check, and above the least that S3 takes. */
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
  const stranger = await inspection.askAsStranger(open);
  if (stranger !== null) await release(inspection, dialect, dialect.read(stranger.json));
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

const openSession = async (inspection: Inspection, dialect: Dialect, ask: Ask): Promise<OpenSession | null> => {
  const answer = await inspection.expect(ask);
  const session = answer && dialect.read(answer.json);
  if (answer !== null && session === null) reportFields(inspection, ask.step, 'upload_id', answer.json);
  return session;
};

const release = async (inspection: Inspection, dialect: Dialect, session: OpenSession | null): Promise<void> => {
  if (session === null) return;
  const step = `${dialect.name}: cancel`;
  const answer = await inspection.ask({ step, method: 'DELETE', url: sessionUrl(dialect, session) });
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
    inspection.report('no-part-range', step, 'the answer says nothing of the size of parts');
  } else if (minPartSize !== undefined && maxPartSize !== undefined && minPartSize > maxPartSize) {
    inspection.report('no-part-range', step, `min_part_size ${minPartSize} is above max_part_size ${maxPartSize}`);
  }
};

const sizeOfParts = ({ partSize, minPartSize = 1, maxPartSize = PREFERRED_PART_BYTES }: OpenSession): number =>
  partSize ?? Math.max(minPartSize, Math.min(PREFERRED_PART_BYTES, maxPartSize));

/** The last part first: parts are sent in parallel and arrive in any order. */
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
  const ask = { step: `${dialect.name}: state`, method: 'GET', url: sessionUrl(dialect, session) } as const;
  await inspection.askAsStranger(ask);
  const answer = await inspection.ask(ask);
  if (answer === null || answer.status === 405 || answer.status === 501) return;
  if (!answer.ok) return inspection.report('wrong-status', ask.step, `GET is answered ${answer.status}`);
  const state = parseMultipartState(answer.json);
  const numbers = new Set(state?.parts.map(({ number }) => number));
  const missing = receipts.filter(({ part_number }) => !numbers.has(part_number)).map(({ part_number }) => part_number);
  if (state === null) reportFields(inspection, ask.step, 'parts', answer.json);
  else if (missing.length > 0) {
    const needed = 'part_number and size of each stored part';
    inspection.report('wrong-fields', ask.step, `parts needs ${needed}; part ${missing[0]} is missing`);
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
  const ask = { step, method: 'POST', url: sessionUrl(dialect, session, '/complete'), json: { parts } } as const;
  await inspection.askAsStranger(ask);
  const answer = await inspection.expect(ask);
  if (answer === null) return;
  const fileId = fileIdIn(answer.json);
  if (fileId === undefined) return reportFields(inspection, step, 'file_id', answer.json);
  const again = await inspection.ask(ask);
  if (again?.ok && fileIdIn(again.json) === fileId) return;
  // The browser reads the state before it asks again, and takes the id from there.
  const state = again?.ok ? null : await inspection.ask({ step, method: 'GET', url: sessionUrl(dialect, session) });
  if (state?.ok && fileIdIn(state.json) === fileId) return;
  const seen = again?.ok ? `file_id ${fileIdIn(again.json) ?? 'missing'}` : `status ${again?.status ?? 'none'}`;
  inspection.report('duplicate-completion', step, `asked twice, the second answer differs: ${seen}`);
};

/** Half of a file: completing it has to be refused. */
const checkLength = async (inspection: Inspection, dialect: Dialect): Promise<void> => {
  const step = `${dialect.name}: length`;
  const answer = await inspection.ask({ ...dialect.open(dialect.shortSize), step });
  const session = answer?.ok ? dialect.read(answer.json) : null;
  if (session === null) return;
  const bytes = new Uint8Array(Math.ceil(Math.min(dialect.shortSize / 2, sizeOfParts(session)))).fill(0x61);
  const sent = await inspection.quietly(() => dialect.send(session, { number: 1, bytes }));
  // Refused at once is refused as well.
  if (sent !== null) {
    const json = { parts: [{ part_number: 1, ...defined({ etag: sent.etag }) }] };
    await inspection.expectRefusal(
      { step, method: 'POST', url: sessionUrl(dialect, session, '/complete'), json },
      { code: 'ignored-length', what: `a completion with ${bytes.byteLength} of ${dialect.shortSize} bytes` },
    );
  }
  await release(inspection, dialect, session);
};
