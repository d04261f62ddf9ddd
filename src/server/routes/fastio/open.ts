/**
 * `POST {base}/current/upload/`: opens a session, or stores a small file whole. The browser names the file; where it
 * goes is ours to say.
 */

import { SINGLE_REQUEST_BELOW } from '../../../wire/fastio.js';
import type { Gateway } from '../../gateway.js';
import { cleanName } from '../../http/clean-name.js';
import { badRequest, HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { type FormPart, readBoundary, readMultipart } from '../../http/multipart/read-multipart.js';
import { readCapped, tooLong } from '../../http/read-body.js';
import { admitFile } from '../../limits/admit-file.js';
import type { Call, Route } from '../../route.js';
import { exactly } from '../../storage/counted.js';
import type { AdmittedFile, RelayedBytes } from '../../storage/upstream.js';
import { FIELD_BYTES, type FormFields, readChecksum, readSize, readToFirstFile } from './fields.js';
import { acquire, release } from './file-lock.js';
import { sealSession, tellStored } from './seal.js';

export const open: Route = {
  method: 'POST',
  path: 'current/upload',
  handle: async (call, gateway) => {
    const { body, headers } = call.request;
    const boundary = readBoundary(headers.get('content-type'));
    if (boundary === null || body === null) return openWith(await readForm(call.request), null, call, gateway);
    const parts = readMultipart(body, boundary);
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

const readForm = async (request: Request): Promise<FormFields> => {
  const form = await readCapped(request, FIELD_BYTES);
  if (form === null) throw tooLong(FIELD_BYTES);
  return new URLSearchParams(form.text);
};

const openWith = async (fields: FormFields, part: FormPart | null, call: Call, gateway: Gateway): Promise<Response> => {
  const file = readFile(fields, part, call);
  const replaces = await readReplaced(fields, call);
  const checksum = readChecksum(fields);
  const { fastio } = gateway.upstream;
  const { signal } = call.request;
  const lock = replaces === undefined ? undefined : await acquire(file, replaces, call, gateway);
  try {
    const created = await fastio.open(file, { checksum, replaces }, part && wholeOf(part, file), { signal });
    const { id, fileId } = created;
    const ticket = await sealSession(id, file, lock, call, gateway);
    if (part === null) await stayedFor(id, call, gateway);
    const isTold = fileId !== undefined && (await tellStored(fileId, id, file, call, gateway));
    // A session is under way; a whole file has been taken.
    if (lock !== undefined && part !== null) await release(file, lock, gateway);
    return jsonAnswer({ result: true, id: ticket, ...(isTold && { new_file_id: fileId }) });
  } catch (error) {
    if (lock !== undefined) await release(file, lock, gateway);
    throw error;
  }
};

/** A session's declared `type` is for our check alone: the API has no field for it. */
const readFile = (fields: FormFields, part: FormPart | null, { caller }: Call): AdmittedFile => {
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
  return admitFile({ name, size, type, relativePath }, caller);
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

const wholeOf = ({ bytes }: FormPart, { size, type }: AdmittedFile): RelayedBytes => ({
  bytes: exactly(bytes, size),
  type,
  size,
});

/** A session whose ticket nobody hears would stay until the upstream ends it. @throws the signal's reason. */
const stayedFor = async (sessionId: string, { request: { signal } }: Call, { upstream }: Gateway): Promise<void> => {
  if (signal.aborted) await upstream.fastio.forget(sessionId, {}).catch(() => {});
  signal.throwIfAborted();
};
