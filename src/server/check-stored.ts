/** Compares the stored file with the announced one, by what the storage reports. */

import { withoutParameters } from '../lib/types/file-types.js';
import { HttpError, toHttpError } from './http/http-error.js';
import { checkFile } from './limits/limits.js';
import type { Caller } from './options/authorize.js';
import type { GatewayProtocol } from './options/gateway-protocol.js';
import type { StoredFile } from './options/options.js';
import type { CallOptions, StoredObject, StoredObjects } from './storage/storage.js';
import type { Ticket } from './tickets/ticket.js';

/**
 * The file for the `onStored` hook, with the storage's facts and, where it has none, the announced ones.
 * @throws HttpError 400, 413 or 415 for a file that differs from the announced one, after removing it.
 */
export const checkStored = async (
  fileId: string,
  stored: StoredObject | 'unknown',
  ticket: Ticket,
  { caller, protocol, objects, calls }: Checking,
): Promise<StoredFile> => {
  const actual = stored === 'unknown' ? { name: ticket.name, size: ticket.size } : stored;
  const type = isSpecific(actual.type) ? actual.type : ticket.type;
  try {
    if (actual.size !== ticket.size) throw differs('size');
    // Fast.io's own dialect has no field for the type: the type that it reports is guessed from the name.
    const isDeclared = protocol !== 'fastio' && isSpecific(ticket.type);
    if (isDeclared && withoutParameters(type) !== withoutParameters(ticket.type)) throw differs('type');
    checkFile({ name: ticket.name, size: actual.size, type: ticket.type }, caller.limits);
  } catch (error) {
    // A file that cannot be removed is refused all the same.
    await objects.remove(ticket, fileId, calls).catch(() => {});
    throw toHttpError(error);
  }
  const { workspaceId, folderId, relativePath, metadata } = ticket;
  return {
    fileId,
    userId: caller.userId,
    workspaceId,
    folderId,
    name: actual.name === '' ? ticket.name : actual.name,
    size: actual.size,
    type,
    ...(actual.digest !== undefined && { digest: actual.digest }),
    ...(relativePath !== undefined && { relativePath }),
    ...(metadata !== undefined && { metadata }),
    protocol,
  };
};

export interface Checking {
  readonly caller: Caller;
  readonly protocol: GatewayProtocol;
  readonly objects: StoredObjects;
  /** Without a signal: a file that differs is removed even if the browser has disconnected. */
  readonly calls: CallOptions;
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Storages report `UNKNOWN_TYPE` for files without a type. */
const isSpecific = (type: string | undefined): type is string =>
  type !== undefined && withoutParameters(type) !== UNKNOWN_TYPE;

const differs = (what: string): HttpError =>
  new HttpError(400, 'bad-request', `the ${what} of the stored file differs from the announced one`);
