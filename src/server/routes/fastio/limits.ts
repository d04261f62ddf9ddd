/** `GET {base}/current/upload/limits/` and `…/algos/`: the same for all users of a folder, so cached for a minute. */

import { readNumber } from '../../../lib/json.js';
import type { Gateway } from '../../gateway.js';
import { notFound } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import type { Route } from '../../route.js';
import type { FastioStorage } from '../../storage/fastio-storage.js';

const FIELDS = ['chunk_size', 'size', 'chunks', 'sessions', 'sessions_size_max'] as const;

export const limits: Route = {
  method: 'GET',
  path: 'current/upload/limits',
  handle: async ({ caller, detached }, gateway) => {
    const { workspaceId, folderId } = caller;
    const payload = await gateway.remember(`limits ${workspaceId} ${folderId}`, () =>
      // Not aborted when the browser disconnects: other requests may wait for the same answer.
      fastioOf(gateway).limits({ workspaceId, folderId }, detached),
    );
    const known = FIELDS.flatMap((name) => {
      const value = readNumber(payload[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
    const { size, chunk_size: upstreamSize, ...rest } = Object.fromEntries(known);
    const chunkSizes = [upstreamSize, gateway.options.maxPartSize].filter((bytes) => bytes !== undefined);
    const { maxFileSize } = caller.limits;
    const sizes = [size, maxFileSize].filter((bytes) => bytes !== undefined);
    const chunkSize = chunkSizes.length > 0 && { chunk_size: Math.min(...chunkSizes) };
    return jsonAnswer({ result: true, ...rest, ...chunkSize, ...(sizes.length > 0 && { size: Math.min(...sizes) }) });
  },
};

export const algorithms: Route = {
  method: 'GET',
  path: 'current/upload/algos',
  handle: async ({ detached }, gateway) => {
    const algos = await gateway.remember('algos', () => fastioOf(gateway).algorithms(detached));
    return jsonAnswer({ result: true, algos });
  },
};

/** @throws HttpError 404 where the storage does not have this dialect. */
export const fastioOf = ({ storage: { fastio } }: Gateway): FastioStorage => {
  if (fastio === undefined) throw notFound('there is no such route');
  return fastio;
};
