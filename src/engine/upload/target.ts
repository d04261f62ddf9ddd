/** Where an upload goes. It is fixed when the upload is added: whatever the options say later is for later files. */

import { absoluteUrl } from '../../lib/page/page-url.js';
import type { TargetRecord } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';

/** URLs are absolute, so that a page that changes its own address in the middle changes nothing. */
export interface UploadTarget
  extends Readonly<Pick<EngineOptions, 'endpoint' | 'protocol' | 'confirmEndpoint' | 'workspaceId' | 'folderId'>> {
  /** Name of the list that shows it. */
  readonly list: string;
}

/** One that is not valid stays as it is, for the message that names it. */
const absolute = (url: string): string => (url === '' ? '' : (absoluteUrl(url) ?? url));

export const targetOf = (options: EngineOptions): UploadTarget => {
  const { endpoint, protocol, confirmEndpoint, workspaceId, folderId, listName } = options;
  return Object.freeze({
    endpoint: absolute(endpoint),
    protocol,
    confirmEndpoint: absolute(confirmEndpoint),
    workspaceId,
    folderId,
    list: listName,
  });
};

/** The options of now, for an upload that keeps its target. */
export const optionsFor = ({ list, ...target }: UploadTarget, options: EngineOptions): EngineOptions => ({
  ...options,
  ...target,
  listName: list,
});

const keys = new WeakMap<UploadTarget, string>();

/** Equal for targets that are the same. */
export const targetKey = (target: UploadTarget): string => {
  const { endpoint, protocol, confirmEndpoint, workspaceId, folderId } = target;
  const key = keys.get(target) ?? JSON.stringify([endpoint, protocol, confirmEndpoint, workspaceId, folderId]);
  keys.set(target, key);
  return key;
};

/** The list that shows an upload, as its record names it. */
export const scopeOf = ({ endpoint, list }: UploadTarget): string => `${endpoint} ${list}`;

/** Where a list looks for its records: earlier versions named the endpoint as the page wrote it. */
export const scopesOf = (target: UploadTarget, { endpoint, listName }: EngineOptions): readonly string[] => [
  ...new Set([scopeOf(target), `${endpoint} ${listName}`]),
];

export const toTargetRecord = (target: UploadTarget): TargetRecord => target;

/** Records of versions that kept none are taken for what the page says now. */
export const recalledTarget = (record: TargetRecord | null | undefined, now: UploadTarget): UploadTarget =>
  record ? Object.freeze({ ...now, ...(record as UploadTarget) }) : now;
