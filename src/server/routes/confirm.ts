/** `POST {base}/confirm`: checks that the browser's file is stored and is the announced one. */

import { parseConfirmRequest } from '../../wire/presigned.js';
import { checkStored } from '../check-stored.js';
import type { Gateway } from '../gateway.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { readJson, SINGLE_BODY_BYTES } from '../http/read-body.js';
import type { Call, Route } from '../route.js';
import type { PresignedStorage, StoredObject } from '../storage/storage.js';
import { openUpload } from '../tickets/open-upload.js';
import type { Ticket } from '../tickets/ticket.js';

export const confirm: Route = {
  method: 'POST',
  path: 'confirm',
  handle: async (call, gateway) => {
    const { value } = await readJson(call.request, SINGLE_BODY_BYTES);
    const wanted = parseConfirmRequest(value);
    if (wanted === null) throw badRequest('fileId is required');
    const { presigned } = gateway.storage;
    if (presigned === undefined) throw notStored();
    const ticket = await openGrant(wanted.fileId, call, gateway);
    const fileId = ticket.sessionId;
    // The result is remembered: a browser that lost the answer asks again, and the file may have been moved since.
    const { result } = await gateway.storedHook.call(`presigned ${fileId}`, async () => {
      const stored = await find(ticket, call, gateway, presigned);
      if (stored === 'absent') throw notStored();
      const { caller, detached } = call;
      return checkStored(fileId, stored, ticket, {
        caller,
        protocol: 'presigned',
        objects: presigned,
        calls: detached,
      });
    });
    return jsonAnswer({ fileId, stored: true, result });
  },
};

/** Another user's file is answered like a missing one, so that ids cannot be guessed. @throws HttpError 404 */
const openGrant = async (id: string, { caller }: Call, gateway: Gateway): Promise<Ticket> => {
  try {
    return await openUpload({ caller, id }, gateway, 'presigned');
  } catch (error) {
    if (error instanceof HttpError && error.code === 'forbidden') throw notStored();
    if (error instanceof HttpError && error.status === 404) throw notStored();
    throw error;
  }
};

/** A webhook's record counts when the storage does not have the file yet, cannot report it, or does not answer. */
const find = async (
  ticket: Ticket,
  { calls }: Call,
  { options: { storedFiles } }: Gateway,
  presigned: PresignedStorage,
): Promise<StoredObject | 'absent' | 'unknown'> => {
  const fileId = ticket.sessionId;
  const isRecorded = async (): Promise<boolean> => (await storedFiles?.has(fileId)) ?? false;
  try {
    const stored = await presigned.find(ticket, fileId, calls);
    if (typeof stored === 'object' || storedFiles === undefined) return stored;
    return (await isRecorded()) ? 'unknown' : 'absent';
  } catch (error) {
    if (error instanceof HttpError && error.status >= 500 && (await isRecorded())) return 'unknown';
    throw error;
  }
};

const notStored = (): HttpError => notFound('there is no such file in storage');
