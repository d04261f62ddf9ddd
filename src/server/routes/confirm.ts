/** `POST {base}/confirm`: the browser has sent the file to storage; is it there, and is it what was announced? */

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
    if (wanted === null) throw badRequest('fileId is needed');
    const { presigned } = gateway.storage;
    if (presigned === undefined) throw notStored();
    const ticket = await openGrant(wanted.fileId, call, gateway);
    const fileId = ticket.sessionId;
    // Asked again because the answer was lost, it answers the same: the file may have been moved since.
    const { result } = await gateway.announcer.announce(`presigned ${fileId}`, async () => {
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

/** What is not the caller's looks like what does not exist, so that ids cannot be tried out. @throws HttpError 404 */
const openGrant = async (id: string, { caller }: Call, gateway: Gateway): Promise<Ticket> => {
  try {
    return await openUpload({ caller, id }, gateway, 'presigned');
  } catch (error) {
    if (error instanceof HttpError && error.code === 'forbidden') throw notStored();
    if (error instanceof HttpError && error.status === 404) throw notStored();
    throw error;
  }
};

/** Where there are webhooks, one counts where the storage does not know the file yet, cannot tell, or does not answer. */
const find = async (
  ticket: Ticket,
  { calls }: Call,
  { options: { storedFiles } }: Gateway,
  presigned: PresignedStorage,
): Promise<StoredObject | 'absent' | 'unknown'> => {
  const fileId = ticket.sessionId;
  const isTold = async (): Promise<boolean> => (await storedFiles?.has(fileId)) ?? false;
  try {
    const stored = await presigned.find(ticket, fileId, calls);
    if (typeof stored === 'object' || storedFiles === undefined) return stored;
    return (await isTold()) ? 'unknown' : 'absent';
  } catch (error) {
    if (error instanceof HttpError && error.status >= 500 && (await isTold())) return 'unknown';
    throw error;
  }
};

const notStored = (): HttpError => notFound('there is no such file in storage');
