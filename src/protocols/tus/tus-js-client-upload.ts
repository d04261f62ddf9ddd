/** Continues uploads that a page started with tus-js-client before it changed to this package. */

import { type JsonObject, parseJsonObject } from '../../lib/json.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions, Session, UploadFacts } from '../../ports/protocol.js';
import type { Backend } from '../shared/backend.js';
import { BegunSession } from './begun-session.js';
import { SequentialSession } from './sequential-session.js';
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
): Promise<Session | null> => {
  const { name, type, size, lastModified } = facts;
  const storage = localStore();
  const kinds = type === 'application/octet-stream' ? [type, ''] : [type];
  for (const key of storage === null ? [] : Object.keys(storage)) {
    const prefixes = kinds.map((kind) => `tus::tus-br-${name}-${kind}-${size}-${lastModified}-`);
    const prefix = prefixes.find((candidate) => key.startsWith(candidate));
    if (storage === null || prefix === undefined) continue;
    const entry = parseJsonObject(storage.getItem(key) ?? '');
    const [endpoint = ''] = key.slice(prefix.length).split('::');
    if (!isSameEndpoint(endpoint, context.backend)) continue;
    const session = await sessionOf(context, { facts, entry }, options).catch(() => null);
    options.signal.throwIfAborted();
    storage.removeItem(key);
    if (session !== null) return session;
  }
  return null;
};

interface Entry {
  readonly facts: UploadFacts;
  readonly entry: JsonObject;
}

const sessionOf = async (
  context: TusContext,
  { facts, entry: { uploadUrl, parallelUploadUrls } }: Entry,
  options: CallOptions,
): Promise<Session | null> => {
  if (typeof uploadUrl === 'string') {
    const upload = new TusUpload(context, aboutOf(facts), context.backend.storageUrl(uploadUrl));
    await upload.offset(options);
    return new SequentialSession(context, facts, upload);
  }
  const urls = Array.isArray(parallelUploadUrls) ? parallelUploadUrls : [];
  if (urls.length === 0 || !urls.every((url) => typeof url === 'string')) return null;
  return BegunSession.find(context, { facts, urls: urls.map((url) => context.backend.storageUrl(url)) }, options);
};

/** The session of a record. @throws UploadError `session-lost` */
export const reopened = async (
  context: TusContext,
  { facts, begun }: { readonly facts: UploadFacts; readonly begun: string },
  options: CallOptions,
): Promise<Session> => {
  const urls = begun.split(' ').map((path) => context.backend.url(path));
  const session = await BegunSession.find(context, { facts, urls }, options);
  if (session === null) throw new UploadError('session-lost', 'the server holds other slices than those of the file');
  return session;
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
