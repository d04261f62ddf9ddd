/** What the tests of transports share: the way to the bytes server, and bodies of a size. */

import { expect } from '@open-wc/testing';
import { browserClock } from '../../src/platform/browser-clock.js';
import { browserConnectivity } from '../../src/platform/browser-connectivity.js';
import { isUploadError, type UploadError } from '../../src/ports/errors.js';
import type { DataRequest } from '../../src/ports/transport.js';

export const NEVER = new AbortController().signal;
export const MIB = 2 ** 20;
/** Bytes of a body that is large enough to have progress, and small enough to leave without being read at the other end. */
export const TELLING = 80_000;

/** Where the bytes server is. */
export const server: { readonly url: string } = await (await fetch('/__bytes-server.json')).json();

export const bodyOf = (size: number): Blob => new Blob([new Uint8Array(size)]);

export const platform = { clock: browserClock, connectivity: browserConnectivity };

export const dataRequest = (url: string, body: DataRequest['body'] = bodyOf(1000)): DataRequest => ({
  method: 'PUT',
  url,
  headers: { 'content-type': 'application/octet-stream' },
  body,
});

/** The `UploadError` that the promise rejects with. */
export const failureOf = async (promise: Promise<unknown>): Promise<UploadError> => {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!isUploadError(error)) throw error;
  return error;
};

export const expectFailure = async (promise: Promise<unknown>, code: string, retriable: boolean): Promise<void> => {
  const { code: actual, retriable: isRetriable, message } = await failureOf(promise);
  expect([actual, isRetriable], message).to.deep.equal([code, retriable]);
};
