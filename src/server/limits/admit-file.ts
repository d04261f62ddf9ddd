/** Admits a file: checks it against the caller's limits, cleans its names and calls the `beforeOpen` hook. */

import { cleanName, cleanPath } from '../http/clean-name.js';
import { badRequest, HttpError } from '../http/http-error.js';
import type { Caller } from '../options/authorize.js';
import type { BeforeOpen, OpenChanges } from '../options/before-open.js';
import type { GatewayProtocol } from '../options/gateway-protocol.js';
import type { AdmittedFile } from '../storage/storage.js';
import { checkFile } from './limits.js';
import { checkMetadata } from './metadata.js';

/** Metadata keys that only the gateway may set. */
const RESERVED = /^gateway_/;
const ORIGINAL_NAME_KEY = 'gateway_original_name';

export interface WantedFile {
  readonly name: string;
  /** Bytes; null when the size is known only at the end of the file. */
  readonly size: number | null;
  readonly type: string;
  readonly relativePath?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface Admission {
  readonly caller: Caller;
  readonly protocol: GatewayProtocol;
  readonly beforeOpen: BeforeOpen | undefined;
}

/** An unknown `size` becomes 0. @throws HttpError 400, 413, 415, or the status of the hook's refusal. */
export const admitFile = async (wanted: WantedFile, admission: Admission): Promise<AdmittedFile> => {
  const { caller } = admission;
  const file = clean(wanted);
  checkFile(file, caller.limits);
  const changes = await callHook(file, wanted.size, admission);
  const { folderId = caller.folderId, key } = changes;
  const isRenamed = changes.name !== undefined;
  const name = isRenamed ? cleanName(changes.name) : file.name;
  const metadata = changes.metadata ?? file.metadata;
  const path = file.relativePath;
  return {
    workspaceId: caller.workspaceId,
    folderId,
    name,
    size: file.size,
    type: file.type,
    ...(path !== undefined && { relativePath: isRenamed ? renamed(path, name) : path }),
    ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata }),
    ...(key !== undefined && { key }),
  };
};

const renamed = (path: string, name: string): string => `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`;

type CleanFile = Pick<AdmittedFile, 'name' | 'size' | 'type' | 'relativePath' | 'metadata'>;

const clean = ({ name, size, type, relativePath, metadata = {} }: WantedFile): CleanFile => {
  // The type becomes a header of the data request, so it must be printable and short.
  if (!/^[\x20-\x7e]{1,255}$/.test(type)) throw badRequest('the content type is not a valid header value');
  checkMetadata(metadata);
  const path = relativePath === undefined ? undefined : cleanPath(relativePath);
  const cleaned = cleanName(name);
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !RESERVED.test(key)));
  if (cleaned !== name) kept[ORIGINAL_NAME_KEY] = name;
  return {
    name: cleaned,
    size: size ?? 0,
    type,
    ...(path !== undefined && { relativePath: path }),
    ...(Object.keys(kept).length > 0 && { metadata: kept }),
  };
};

const callHook = async (
  { name, type, relativePath, metadata }: CleanFile,
  size: number | null,
  { caller, protocol, beforeOpen }: Admission,
): Promise<OpenChanges> => {
  const { userId, workspaceId, folderId, limits } = caller;
  const file = {
    name,
    type,
    ...(size !== null && { size }),
    ...(relativePath !== undefined && { relativePath }),
    ...(metadata !== undefined && { metadata }),
    protocol,
  };
  const answer = await beforeOpen?.(Object.freeze(file), { userId, workspaceId, folderId, limits });
  if (!answer) return {};
  if (!('reject' in answer)) return answer;
  const { reject, status = 422 } = answer;
  if (status < 400 || status > 499) throw new TypeError('beforeOpen() must refuse with a 4xx status');
  throw new HttpError(status, 'rejected', String(reject), { details: { userMessage: String(reject) } });
};
