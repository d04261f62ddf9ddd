/**
 * Fast.io as a storage: its two APIs behind one key. `/current/` is the API of the vendor's reference; the `/v1/`
 * dialects are in its articles.
 */

import { Deadline } from '../../http/deadline.js';
import { HttpError } from '../../http/http-error.js';
import { check, isKey, parseUrl } from '../../options/check.js';
import type { CallOptions, StorageFactory } from '../storage.js';
import { CurrentFiles } from './current-files.js';
import { CurrentStorage } from './current-storage.js';
import { type ApiKey, UpstreamClient } from './upstream-client.js';
import { V1Chunked, V1Presigned } from './v1-storage.js';

export interface FastioOptions {
  /**
   * The bearer key, or a function that returns it before each call, for keys that rotate or differ by caller. It is
   * never sent to the browser.
   */
  readonly apiKey: ApiKey;
  /** Workspace of the files, unless `authorize` returns another. The browser cannot choose it. */
  readonly workspaceId: string;
  /**
   * Folder of the files, unless `authorize` returns another. By the `fastio` dialect, a file becomes the next version
   * of a file of the same name and folder, even another user's: let `authorize` return a folder per user to prevent
   * that.
   * @default 'root'
   */
  readonly folderId?: string | undefined;
  /** Base URL of the API, without `/v1` or `/current`. @default 'https://api.fast.io' */
  readonly upstream?: string | undefined;
}

const PROTOCOLS = ['presigned', 'chunked', 'fastio', 'form'] as const;

/** If the API does not report within this many milliseconds what it offers, all dialects are offered. */
const OFFER_TIMEOUT_MS = 3000;

/** @example createUploadHandler({ storage: fastio({ apiKey, workspaceId }), … }) */
export const fastio = (options: FastioOptions): StorageFactory => {
  const { apiKey, workspaceId, folderId = 'root' } = options;
  check(typeof apiKey === 'function' || isKey(apiKey), 'apiKey is required: a string without spaces, or a function');
  check(typeof workspaceId === 'string' && workspaceId !== '', 'workspaceId is required');
  check(typeof folderId === 'string' && folderId !== '', 'folderId must be a non-empty string');
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

/** Asks for what the browser asks next anyway. Failures other than 501 are ignored here; the upload retries them. */
const hasCurrent = async (current: CurrentStorage, calls: CallOptions): Promise<boolean> => {
  // Without the caller's signal, because other requests may wait for the same answer.
  const deadline = new Deadline(undefined);
  deadline.start(OFFER_TIMEOUT_MS);
  try {
    await current.algorithms({ ...calls, signal: deadline.signal });
    return true;
  } catch (error) {
    return !(error instanceof HttpError && error.status === 501);
  } finally {
    deadline.end();
  }
};

/** Without a trailing slash. */
const readUpstream = (text: string): string => {
  const url = parseUrl(text);
  check(url !== null && /^https?:$/.test(url.protocol), 'upstream must be an absolute http(s) URL');
  check(!/[?#@]/.test(text), 'upstream must have no query, fragment or user name');
  const base = text.replace(/\/+$/, '');
  check(!/\/(v1|current)$/.test(base), 'upstream must be the base URL without /v1 or /current');
  return base;
};
