/** A file that the browser wants to send: checked against the caller's limits, its names made clean. */

import type { Caller } from '../gateway.js';
import { cleanName, cleanPath } from '../http/clean-name.js';
import { badRequest } from '../http/http-error.js';
import type { AdmittedFile } from '../storage/upstream.js';
import { checkFile } from './limits.js';

export interface WantedFile {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly relativePath?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Keys of the upstream's metadata that only the gateway writes. */
export const OWNER_KEY = 'gateway_owner';
export const SIZE_KEY = 'gateway_size';
const ORIGINAL_NAME_KEY = 'gateway_original_name';
const RESERVED = /^gateway_/;

/** @throws HttpError 400, 413 or 415. */
export const admitFile = (wanted: WantedFile, caller: Caller): AdmittedFile => {
  const name = cleanName(wanted.name);
  const { size, type } = wanted;
  // It becomes a header of the data request: printable, and of a sane length.
  if (!/^[\x20-\x7e]{1,255}$/.test(type)) throw badRequest('the content type cannot stand in a header');
  checkFile({ name, size, type }, caller.limits);
  const relativePath = wanted.relativePath === undefined ? undefined : cleanPath(wanted.relativePath);
  const metadata = Object.fromEntries(Object.entries(wanted.metadata ?? {}).filter(([key]) => !RESERVED.test(key)));
  if (name !== wanted.name) metadata[ORIGINAL_NAME_KEY] = wanted.name;
  return {
    workspaceId: caller.workspaceId,
    folderId: caller.folderId,
    name,
    size,
    type,
    ...(relativePath !== undefined && { relativePath }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
};
