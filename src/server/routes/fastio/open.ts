/**
 * `POST {base}/current/upload/`: opens a session, or stores a small file whole. The browser names the file; where it
 * goes is ours to say.
 */

import { type FormPart, readBoundary } from '../../../lib/read-multipart.js';
import { SINGLE_REQUEST_BELOW } from '../../../wire/fastio.js';
import type { Gateway } from '../../gateway.js';
import { cleanName } from '../../http/clean-name.js';
import { exactly } from '../../http/counted.js';
import { badRequest, HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { readForm } from '../../http/multipart/read-form.js';
import { readCapped, tooLong } from '../../http/read-body.js';
import { inspected } from '../../inspect/inspect-bytes.js';
import type { Call, Route } from '../../route.js';
import type { Opened, RelayedBytes } from '../../storage/fastio-storage.js';
import type { AdmittedFile } from '../../storage/storage.js';
import { FIELD_BYTES, type FormFields, readChecksum, readMetadata, readSize, readToFirstFile } from './fields.js';
import { acquire, release } from './file-lock.js';
import { fastioOf } from './limits.js';
import { sealSession, tellStored } from './seal.js';

export const open: Route = {
  method: 'POST',
  path: 'current/upload',
  handle: async (call, gateway) => {
    const { body, headers } = call.request;
    const boundary = readBoundary(headers.get('content-type'));
    if (boundary === null || body === null) return openWith(await readFields(call.request), null, call, gateway);
    const parts = readForm(body, boundary);
    try {
      const fields = new URLSearchParams();
      const file = await readToFirstFile(parts, fields, FIELD_BYTES);
      return await openWith(fields, file, call, gateway);
    } finally {
      // Not awaited: a client that sends no more would hold the answer back.
      void parts.return(undefined);
    }
  },
};

const readFields = async (request: Request): Promise<FormFields> => {
  const form = await readCapped(request, FIELD_BYTES);
  if (form === null) throw tooLong(FIELD_BYTES);
  return new URLSearchParams(form.text);
};

const openWith = async (fields: FormFields, part: FormPart | null, call: Call, gateway: Gateway): Promise<Response> => {
  const file = await readFile(fields, part, call, gateway);
  const replaces = await readReplaced(fields, call);
  const lock = replaces === undefined ? undefined : await acquire(file, replaces, call, gateway);
  try {
    const opened = await openUpstream(file, { replaces, checksum: readChecksum(fields) }, part, call, gateway);
    const { id, fileId, openedAt } = opened;
    const ticket = await sealSession({ id, lock, openedAt }, file, call, gateway);
    if (part === null) await stayedFor(id, call, gateway);
    const told = fileId === undefined ? null : await tellStored(fileId, id, file, call, gateway);
    // A session is under way; a whole file has been taken.
    if (lock !== undefined && part !== null) await release(file, lock, call, gateway);
    return jsonAnswer({
      result: true,
      id: ticket,
      ...(told !== null && { new_file_id: fileId }),
      // `result` is taken by the API.
      ...(told?.result !== undefined && { stored_result: told.result }),
    });
  } catch (error) {
    if (lock !== undefined) await release(file, lock, call, gateway);
    throw error;
  }
};

/** A session counts as open until it is stored; a whole file is stored at once. */
const openUpstream = async (
  file: AdmittedFile,
  extras: Parameters<ReturnType<typeof fastioOf>['open']>[1],
  part: FormPart | null,
  { caller, calls }: Call,
  gateway: Gateway,
): Promise<Opened> => {
  const fastio = fastioOf(gateway);
  if (part !== null) {
    const bytes = inspected(part.bytes, file, caller, gateway.options.inspectBytes);
    return fastio.open(file, extras, wholeOf(bytes, file), calls);
  }
  return gateway.openSessions.open(caller.userId, async () => {
    const opened = await fastio.open(file, extras, null, calls);
    return { ...opened, sessionId: opened.id };
  });
};

/** A session's declared `type` is for our check alone: the API has no field for it. */
const readFile = (
  fields: FormFields,
  part: FormPart | null,
  { caller }: Call,
  gateway: Gateway,
): Promise<AdmittedFile> => {
  if (part !== null && part.name !== 'chunk') throw badRequest('the file of a single request is named chunk');
  const name = fields.get('name') ?? '';
  if (name === '') throw badRequest('name is needed');
  const size = readSize(fields);
  if (part !== null && size > SINGLE_REQUEST_BELOW) {
    throw new HttpError(413, 'too-large', 'a file of this size needs a session');
  }
  const type = part?.type ?? fields.get('type') ?? 'application/octet-stream';
  const folder = fields.get('relative_path') ?? '';
  const relativePath = folder === '' ? undefined : `${folder.replace(/\/+$/, '')}/${cleanName(name)}`;
  return gateway.admit({ name, size, type, relativePath, metadata: readMetadata(fields) }, caller, 'fastio');
};

/** @throws HttpError 403 unless the user may. */
const readReplaced = async (fields: FormFields, { caller }: Call): Promise<string | undefined> => {
  const action = fields.get('action') ?? 'create';
  if (action === 'create') return undefined;
  const fileId = fields.get('file_id') ?? '';
  if (action !== 'update' || fileId === '') throw badRequest('action is create, or update with a file_id');
  if ((await caller.mayReplace(fileId)) === true) return fileId;
  throw new HttpError(403, 'forbidden', 'this file may not be replaced');
};

const wholeOf = (bytes: AsyncIterable<Uint8Array>, { size, type }: AdmittedFile): RelayedBytes => ({
  bytes: exactly(bytes, size),
  type,
  size,
});

/** A session whose ticket does not reach the browser would stay until the storage ends it. @throws the signal's reason. */
const stayedFor = async (sessionId: string, call: Call, gateway: Gateway): Promise<void> => {
  const { signal } = call.request;
  if (signal.aborted) {
    gateway.openSessions.close(call.caller.userId, sessionId);
    await fastioOf(gateway)
      .forget(sessionId, call.detached)
      .catch(() => {});
  }
  signal.throwIfAborted();
};
