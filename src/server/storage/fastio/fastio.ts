/**
 * Fast.io as a storage: its two APIs behind one key. `/current/` is the one that the vendor's reference knows; the `/v1/`
 * dialects are those of its articles.
 */

import { HttpError } from '../../http/http-error.js';
import { check, parseUrl } from '../../options/check.js';
import type { CallOptions, StorageFactory } from '../storage.js';
import { CurrentFiles } from './current-files.js';
import { CurrentStorage } from './current-storage.js';
import { type ApiKey, isKey, UpstreamClient } from './upstream-client.js';
import { V1Chunked, V1Presigned } from './v1-storage.js';

export interface FastioOptions {
  /**
   * The bearer key, or a function that yields it before each call, for keys that rotate or that belong to the caller.
   * Never sent to the browser.
   */
  readonly apiKey: ApiKey;
  /** Workspace that files go to, unless `authorize` names another. The browser has no say in it. */
  readonly workspaceId: string;
  /**
   * Folder in it, unless `authorize` names another. Through `fastio`, a file becomes the next version of one that has its
   * name in the same place, whichever user stored that: where users must not meet, let `authorize` give each a folder.
   * @default 'root'
   */
  readonly folderId?: string | undefined;
  /** Base URL of the API, without `/v1` or `/current`. @default 'https://api.fast.io' */
  readonly upstream?: string | undefined;
}

const PROTOCOLS = ['presigned', 'chunked', 'fastio', 'form'] as const;

/** An API that takes longer to say what it offers is taken to offer everything, in milliseconds. */
const PATIENCE_MS = 3000;

/** @example createUploadHandler({ storage: fastio({ apiKey, workspaceId }), … }) */
export const fastio = (options: FastioOptions): StorageFactory => {
  const { apiKey, workspaceId, folderId = 'root' } = options;
  check(typeof apiKey === 'function' || isKey(apiKey), 'apiKey is required: a string without blanks, or a function');
  check(typeof workspaceId === 'string' && workspaceId !== '', 'workspaceId is required');
  check(typeof folderId === 'string' && folderId !== '', 'folderId is a string that is not empty');
  const upstream = readUpstream(options.upstream ?? 'https://api.fast.io');
  return ({ grantTtlSeconds, timeoutMs }) => {
    const client = new UpstreamClient({ upstream, apiKey, timeoutMs });
    const current = new CurrentStorage(client);
    const files = new CurrentFiles(client, current);
    return {
      target: { workspaceId, folderId },
      presigned: new V1Presigned(client, grantTtlSeconds),
      chunked: new V1Chunked(client),
      fastio: current,
      whole: files,
      library: files,
      get isCrowded() {
        return client.isCrowded;
      },
      async offered(calls) {
        return (await hasCurrent(current, calls)) ? PROTOCOLS : ['presigned', 'chunked'];
      },
    };
  };
};

/** Asks what the browser will ask next anyway. Any failure but a 501 is for the upload to meet and to retry. */
const hasCurrent = async (current: CurrentStorage, calls: CallOptions): Promise<boolean> => {
  // Not `AbortSignal.timeout`: another request may wait for the same answer, and is told of the failure.
  const late = new AbortController();
  const reason = new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time');
  const timer = setTimeout(() => late.abort(reason), PATIENCE_MS);
  try {
    await current.algorithms({ ...calls, signal: late.signal });
    return true;
  } catch (error) {
    return !(error instanceof HttpError && error.status === 501);
  } finally {
    clearTimeout(timer);
  }
};

/** Without a slash at its end. */
const readUpstream = (text: string): string => {
  const url = parseUrl(text);
  check(url !== null && /^https?:$/.test(url.protocol), 'upstream is an absolute http(s) URL');
  check(!/[?#@]/.test(text), 'upstream has no query, fragment or user name');
  const base = text.replace(/\/+$/, '');
  check(!/\/(v1|current)$/.test(base), 'upstream is the base URL without /v1 or /current');
  return base;
};
