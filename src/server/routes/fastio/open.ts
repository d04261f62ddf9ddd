/**
 * `POST {base}/current/upload/`: opens a session, or stores a small file whole. The browser names the file; the gateway
 * chooses the workspace and the folder.
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
import { announceWhole, issueSessionTicket } from './session-tickets.js';

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
      // Not awaited, because a client that has stopped sending would delay the answer.
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
    const ticket = await issueSessionTicket({ id, lock, openedAt }, file, call, gateway);
    if (part === null) await forgetIfAborted(id, call, gateway);
    const announced = fileId === undefined ? null : await announceWhole(fileId, id, file, call, gateway);
    // A session keeps its lock; a whole file is already stored.
    if (lock !== undefined && part !== null) await release(file, lock, call, gateway);
    return jsonAnswer({
      result: true,
      id: ticket,
      ...(announced !== null && { new_file_id: fileId }),
      // The API itself uses the name `result`.
      ...(announced?.result !== undefined && { stored_result: announced.result }),
    });
  } catch (error) {
    if (lock !== undefined) await release(file, lock, call, gateway);
    throw error;
  }
};

/** A session counts as an open upload; a whole file is stored at once and does not. */
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

/** A session's `type` is only checked by the gateway, because the API has no field for it. */
const readFile = (
  fields: FormFields,
  part: FormPart | null,
  { caller }: Call,
  gateway: Gateway,
): Promise<AdmittedFile> => {
  if (part !== null && part.name !== 'chunk') throw badRequest('the file of a single request must be named chunk');
  const name = fields.get('name') ?? '';
  if (name === '') throw badRequest('name is required');
  const size = readSize(fields);
  if (part !== null && size > SINGLE_REQUEST_BELOW) {
    throw new HttpError(413, 'too-large', 'a file of this size needs a session');
  }
  const type = part?.type ?? fields.get('type') ?? 'application/octet-stream';
  const folder = fields.get('relative_path') ?? '';
  const relativePath = folder === '' ? undefined : `${folder.replace(/\/+$/, '')}/${cleanName(name)}`;
  return gateway.admit({ name, size, type, relativePath, metadata: readMetadata(fields) }, caller, 'fastio');
};

/** The id of the file to replace. @throws HttpError 403 when the user may not replace it. */
const readReplaced = async (fields: FormFields, { caller }: Call): Promise<string | undefined> => {
  const action = fields.get('action') ?? 'create';
  if (action === 'create') return undefined;
  const fileId = fields.get('file_id') ?? '';
  if (action !== 'update' || fileId === '') throw badRequest('action must be create, or update with a file_id');
  if ((await caller.mayReplace(fileId)) === true) return fileId;
  throw new HttpError(403, 'forbidden', 'this file may not be replaced');
};

const wholeOf = (bytes: AsyncIterable<Uint8Array>, { size, type }: AdmittedFile): RelayedBytes => ({
  bytes: exactly(bytes, size),
  type,
  size,
});

/** Deletes a session whose ticket cannot reach the browser any more. @throws the signal's reason when it is aborted. */
const forgetIfAborted = async (sessionId: string, call: Call, gateway: Gateway): Promise<void> => {
  const { signal } = call.request;
  if (signal.aborted) {
    gateway.openSessions.close(call.caller.userId, sessionId);
    await fastioOf(gateway)
      .forget(sessionId, call.detached)
      .catch(() => {});
  }
  signal.throwIfAborted();
};
