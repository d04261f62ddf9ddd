/** The target of an upload. It is fixed when the upload is added; later options apply to later files. */

import { absoluteUrl } from '../../lib/page/page-url.js';
import type { EngineOptions } from '../options.js';

/** URLs are absolute, so that they stay the same when the page changes its address. */
export interface UploadTarget
  extends Readonly<Pick<EngineOptions, 'endpoint' | 'protocol' | 'confirmEndpoint' | 'workspaceId' | 'folderId'>> {
  /** Name of the list that shows it. */
  readonly list: string;
}

/** An invalid URL is returned unchanged, for the error message. */
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

/** The current options with the target of an upload. */
export const optionsFor = ({ list, ...target }: UploadTarget, options: EngineOptions): EngineOptions => ({
  ...options,
  ...target,
  listName: list,
});

const keys = new WeakMap<UploadTarget, string>();

/** Equal for equal targets. */
export const targetKey = (target: UploadTarget): string => {
  const { endpoint, protocol, confirmEndpoint, workspaceId, folderId } = target;
  const key = keys.get(target) ?? JSON.stringify([endpoint, protocol, confirmEndpoint, workspaceId, folderId]);
  keys.set(target, key);
  return key;
};
