/** Where an upload goes. It is fixed when the upload is added: whatever the options say later is for later files. */

import { absoluteUrl } from '../../lib/page/page-url.js';
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
