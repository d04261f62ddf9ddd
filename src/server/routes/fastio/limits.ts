/** `GET {base}/current/upload/limits/` and `…/algos/`: the same for all users of a place, so asked once a minute. */

import { readNumber } from '../../../lib/json.js';
import { jsonAnswer } from '../../http/json-answer.js';
import type { Route } from '../../route.js';

const FIELDS = ['chunk_size', 'size', 'chunks', 'sessions', 'sessions_size_max'] as const;

export const limits: Route = {
  method: 'GET',
  path: 'current/upload/limits',
  handle: async ({ caller }, { upstream, remember }) => {
    const { workspaceId, folderId } = caller;
    const payload = await remember(`limits ${workspaceId} ${folderId}`, () =>
      // Not ended when the browser leaves: others wait for the same answer.
      upstream.fastio.limits({ workspaceId, folderId }, {}),
    );
    const known = FIELDS.flatMap((name) => {
      const value = readNumber(payload[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
    const { size, ...rest } = Object.fromEntries(known);
    const { maxFileSize } = caller.limits;
    const sizes = [size, maxFileSize].filter((bytes) => bytes !== undefined);
    return jsonAnswer({ result: true, ...rest, ...(sizes.length > 0 && { size: Math.min(...sizes) }) });
  },
};

export const algorithms: Route = {
  method: 'GET',
  path: 'current/upload/algos',
  handle: async (_call, { upstream, remember }) => {
    const algos = await remember('algos', () => upstream.fastio.algorithms({}));
    return jsonAnswer({ result: true, algos });
  },
};
