/**
 * A storage that takes parts by signed URLs, made of the emulator's sessions: it stands behind the gateway's `multipart`,
 * so that its parts are in the same log and its files on the same disk as those of the other dialects.
 */

import type { IncomingMessage } from 'node:http';
import type { StoredFile } from '../../../src/emulator/disk/object-store.js';
import {
  HttpError,
  type MultipartSession,
  type MultipartStorage,
  type PlannedPart,
} from '../../../src/server/index.js';
import { IDEMPOTENCY_KEY_HEADER } from '../../../src/wire/idempotency-key.js';

const SESSIONS = '/v1/uploads/chunked';
const PART_PATH = /^\/signed-parts\/([^/]+)\/(\d+)$/;

export interface EmulatedMultipartInit {
  readonly apiKey: string;
  /** Of the emulator, for the gateway. */
  readonly origin: () => string;
  /** That browsers call. */
  readonly publicOrigin: () => string;
  readonly files: () => readonly StoredFile[];
}

interface ListedPart {
  readonly part_number: number;
  readonly size: number;
  readonly etag: string;
}

/** Makes of a request to a signed URL the one that the emulator knows. */
export const readSignedPart = (request: IncomingMessage, apiKey: string): void => {
  const [, session, number] = PART_PATH.exec(request.url ?? '') ?? [];
  if (session === undefined || number === undefined || request.method !== 'PUT') return;
  request.url = `${SESSIONS}/${session}/parts`;
  request.headers.authorization = `Bearer ${apiKey}`;
  request.headers['fastio-part-number'] = number;
};

export const createEmulatedMultipart = (init: EmulatedMultipartInit): MultipartStorage => {
  /** File ids by session. */
  const completed = new Map<string, string>();

  const ask = async (
    method: string,
    path: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`${init.origin()}${SESSIONS}${path}`, {
      method,
      headers: { Authorization: `Bearer ${init.apiKey}`, 'Content-Type': 'application/json', ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    if (response.status === 404) throw new HttpError(404, 'not-found', 'there is no such session');
    if (!response.ok) throw new HttpError(409, 'rejected', `the storage answered ${response.status}`);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  };

  return {
    async open({ name, size, type }, { idempotencyKey }) {
      const headers = idempotencyKey === undefined ? {} : { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
      const answer = await ask('POST', '/init', { filename: name, total_size: size, mime_type: type }, headers);
      return { sessionId: String(answer.upload_id), maxParts: 1_000 };
    },
    async sign({ sessionId }: MultipartSession, parts: readonly PlannedPart[]) {
      return parts.map(({ number }) => ({
        number,
        url: `${init.publicOrigin()}/signed-parts/${sessionId}/${number}`,
      }));
    },
    async list({ sessionId }) {
      const fileId = completed.get(sessionId);
      if (fileId !== undefined) return { parts: [], fileId };
      const { parts } = (await ask('GET', `/${sessionId}`)) as { parts: readonly ListedPart[] };
      return { parts: parts.map(({ part_number: number, size, etag }) => ({ number, size, etag })) };
    },
    async complete({ sessionId }, parts) {
      const manifest = parts.map(({ number, etag }) => ({ part_number: number, etag }));
      const fileId =
        completed.get(sessionId) ?? String((await ask('POST', `/${sessionId}/complete`, { parts: manifest })).file_id);
      completed.set(sessionId, fileId);
      return fileId;
    },
    async abort({ sessionId }) {
      await ask('DELETE', `/${sessionId}`).catch(() => {});
    },
    async find(_, fileId) {
      const file = init.files().find((stored) => stored.fileId === fileId);
      return file === undefined ? 'absent' : { name: file.name, size: file.size };
    },
    async remove() {},
  };
};
