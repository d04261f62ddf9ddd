/** A file that the browser wants to send: checked against the caller's limits, its names made clean, the hook asked. */

import { cleanName, cleanPath } from '../http/clean-name.js';
import { badRequest, HttpError } from '../http/http-error.js';
import type { Caller } from '../options/authorize.js';
import type { BeforeOpen, OpenChanges } from '../options/before-open.js';
import type { GatewayProtocol } from '../options/gateway-protocol.js';
import type { AdmittedFile } from '../storage/storage.js';
import { checkFile } from './limits.js';
import { checkMetadata } from './metadata.js';

/** Keys of the metadata that only the gateway writes. */
const RESERVED = /^gateway_/;
const ORIGINAL_NAME_KEY = 'gateway_original_name';

export interface WantedFile {
  readonly name: string;
  /** Bytes; null where only the end of the file tells. */
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

/** The `size` of a file whose size is not known is 0. @throws HttpError 400, 413, 415, or what the hook refuses with. */
export const admitFile = async (wanted: WantedFile, admission: Admission): Promise<AdmittedFile> => {
  const { caller } = admission;
  const file = clean(wanted);
  checkFile(file, caller.limits);
  const changes = await ask(file, wanted.size, admission);
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
  // It becomes a header of the data request: printable, and of a sane length.
  if (!/^[\x20-\x7e]{1,255}$/.test(type)) throw badRequest('the content type cannot stand in a header');
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

const ask = async (
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
  if (status < 400 || status > 499) throw new TypeError('beforeOpen() has to refuse with a 4xx status');
  throw new HttpError(status, 'rejected', String(reject), { details: { userMessage: String(reject) } });
};
