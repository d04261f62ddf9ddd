/** `POST {base}/confirm`: the browser has sent the file to storage; is it there? */

import { readNumber, readString } from '../../lib/json.js';
import { parseConfirmRequest } from '../../wire/presigned.js';
import type { Gateway, MintedFile } from '../gateway.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { readJson, SINGLE_BODY_BYTES } from '../http/read-body.js';
import { OWNER_KEY, SIZE_KEY } from '../limits/admit-file.js';
import type { StoredFile } from '../options.js';
import type { Call, Route } from '../route.js';
import type { FileRecord } from '../storage/upstream.js';

export const confirm: Route = {
  method: 'POST',
  path: 'confirm',
  handle: async (call, gateway) => {
    const { value } = await readJson(call.request, SINGLE_BODY_BYTES);
    const wanted = parseConfirmRequest(value);
    if (wanted === null) throw badRequest('fileId is needed');
    const minted = gateway.minted.get(wanted.fileId);
    if (minted !== undefined && minted.userId !== call.caller.userId) throw foreign();
    // A repeated confirm, because its answer was lost: the file may have been moved since.
    if (!minted?.confirmed) await settle(wanted.fileId, minted, call, gateway);
    return jsonAnswer({ fileId: wanted.fileId, stored: true });
  },
};

const settle = async (fileId: string, minted: MintedFile | undefined, call: Call, gateway: Gateway): Promise<void> => {
  const workspaceId = minted?.workspaceId ?? call.caller.workspaceId;
  const record = await find(workspaceId, fileId, call, gateway);
  const file = await prove(fileId, record, minted, call, gateway);
  await gateway.announce(file);
  gateway.minted.set(fileId, { ...file, confirmed: true });
};

/** Where there are webhooks, one counts where the upstream does not know the file yet, cannot tell, or does not answer. */
const find = async (workspaceId: string, fileId: string, { request }: Call, { upstream, options }: Gateway) => {
  const isTold = async (): Promise<boolean> => (await options.storedFiles?.has(fileId)) ?? false;
  try {
    const record = await upstream.presigned.findFile(workspaceId, fileId, { signal: request.signal });
    if (typeof record === 'object' || options.storedFiles === undefined) return record;
    return (await isTold()) ? 'unknown' : 'absent';
  } catch (error) {
    if (error instanceof HttpError && error.status >= 500 && (await isTold())) return 'unknown';
    throw error;
  }
};

/** The facts of a file that the caller owns and that is stored as it was declared. @throws HttpError otherwise. */
const prove = async (
  fileId: string,
  record: FileRecord | 'absent' | 'unknown',
  minted: MintedFile | undefined,
  { caller }: Call,
  { signer }: Gateway,
): Promise<StoredFile> => {
  if (record === 'absent') throw notStored();
  // Told by a webhook, or nobody can tell: what this instance granted to this user has to do.
  if (record === 'unknown') return stripped(minted ?? fail(notStored()));
  const owner = readString(record.metadata[OWNER_KEY]);
  if (owner === undefined && minted === undefined) throw notStored();
  if (owner !== undefined && !(await signer.verify('owner', caller.userId, owner))) throw foreign();
  const declared = minted?.size ?? readNumber(record.metadata[SIZE_KEY]);
  if (declared !== undefined && declared !== record.size) throw badRequest('the stored file has another size');
  if (minted !== undefined) return stripped(minted);
  const { userId, workspaceId, folderId } = caller;
  const { name, size, type } = record;
  return { fileId, userId, workspaceId, folderId, name, size, type, protocol: 'presigned' };
};

const stripped = ({ confirmed: _, ...file }: MintedFile): StoredFile => file;

const notStored = (): HttpError => notFound('there is no such file in storage');

const foreign = (): HttpError => new HttpError(403, 'forbidden', 'the file belongs to another user');

const fail = (error: Error): never => {
  throw error;
};
