/** Continues uploads that a page started with tus-js-client before it changed to this package. */

import { parseJsonObject } from '../../lib/json.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import type { Backend } from '../shared/backend.js';
import type { TusContext } from './tus-server.js';
import { aboutOf, TusUpload } from './tus-upload.js';

/**
 * The upload that tus-js-client started for the same file and recorded in `localStorage` under
 * `tus::{fingerprint}::{id}` (source: tus-js-client 4.3.1); null when there is none, or when the server lost it.
 */
export const tusJsClientUpload = async (
  context: TusContext,
  facts: UploadFacts,
  options: CallOptions,
): Promise<TusUpload | null> => {
  const { name, type, size, lastModified } = facts;
  const storage = localStore();
  const kinds = type === 'application/octet-stream' ? [type, ''] : [type];
  for (const key of storage === null ? [] : Object.keys(storage)) {
    const prefixes = kinds.map((kind) => `tus::tus-br-${name}-${kind}-${size}-${lastModified}-`);
    const prefix = prefixes.find((candidate) => key.startsWith(candidate));
    if (storage === null || prefix === undefined) continue;
    const { uploadUrl } = parseJsonObject(storage.getItem(key) ?? '');
    const [endpoint = ''] = key.slice(prefix.length).split('::');
    if (typeof uploadUrl !== 'string' || !isSameEndpoint(endpoint, context.backend)) continue;
    storage.removeItem(key);
    const upload = new TusUpload(context, aboutOf(facts), context.backend.storageUrl(uploadUrl));
    const isThere = await upload.offset(options).then(
      () => true,
      () => false,
    );
    options.signal.throwIfAborted();
    if (isThere) return upload;
  }
  return null;
};

const isSameEndpoint = (endpoint: string, backend: Backend): boolean =>
  URL.canParse(endpoint, backend.endpoint) && new URL(endpoint, backend.endpoint).href === backend.endpoint;

type TextStore = Record<string, unknown> & {
  getItem(key: string): string | null;
  removeItem(key: string): void;
};

/** Null outside pages, and where the browser blocks storage, where access throws. */
const localStore = (): TextStore | null => {
  try {
    return (globalThis as { readonly localStorage?: TextStore }).localStorage ?? null;
  } catch {
    return null;
  }
};
