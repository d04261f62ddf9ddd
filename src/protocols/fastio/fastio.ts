/**
 * The API's own dialect (sources: the official upload reference, the vendor's client, the SvelteKit article): files below
 * 4 MiB in batches or in one request each, the rest in sessions of chunks whose size follows from the plan's limits.
 *
 * It speaks to a gateway that relays, or to the API itself: then the endpoint is `https://api.fast.io/current`, the
 * target is named (`123` for a workspace, `share/123` for a share), and `headers` is a function that yields
 * `Authorization` from wherever the page holds its token, a guest's of a Receive share for example. It is called for each
 * request and its answer is kept nowhere.
 *
 * The dialect has no place for metadata, so none is sent.
 */

import type { Protocol } from '../../ports/protocol.js';
import { parseTarget, SINGLE_REQUEST_BELOW } from '../../wire/fastio.js';
import type { ProtocolContext } from '../shared/definition.js';
import { FastioApi } from './api.js';
import { Checksums } from './checksums.js';
import { ChunkSession } from './chunk-session.js';
import { CompletionPoller } from './completion-poller.js';
import { type Context, declare } from './context.js';
import { assertFits, chunkLimits, LimitsCache } from './limits.js';
import { SmallFiles } from './small/small-files.js';
import { SmallSession } from './small/small-session.js';

/**
 * `backend` has the endpoint that stands for `…/current`. `workspaceId` is a workspace, or a share as `share/{id}`; empty
 * where a gateway decides. The API itself stores nothing without one.
 */
export type FastioOptions = Pick<
  ProtocolContext,
  'backend' | 'clock' | 'slots' | 'parallel' | 'workspaceId' | 'folderId'
>;

export const fastio = ({ backend, workspaceId, folderId, clock, slots, parallel }: FastioOptions): Protocol => {
  const api = new FastioApi(backend, clock);
  const context: Context = {
    api,
    target: parseTarget(workspaceId, folderId),
    checksums: new Checksums(api),
    poller: new CompletionPoller(api, clock),
    clock,
    slots: slots(backend.origin),
    parallel,
    lostLocks: new Map(),
    releases: new Map(),
  };
  const limits = new LimitsCache(api, context.target);
  const files = new SmallFiles(context);
  return {
    name: 'fastio',
    // The API stores by name, below one folder.
    isFlat: () => true,
    open: async (facts, options) => {
      const { size, replaces } = declare(facts);
      // Chunks may be sent again without harm, so only what has no chunk replaces a node in a single request.
      const isSmall = replaces === undefined ? size < SINGLE_REQUEST_BELOW : size === 0;
      const arrived = isSmall ? files.batcher.expect(options.signal) : null;
      try {
        const allowed = await limits.get(replaces, options);
        assertFits(size, allowed);
        return arrived === null
          ? await ChunkSession.open(context, facts, chunkLimits(allowed), options)
          : new SmallSession(context, files, facts, arrived);
      } catch (error) {
        arrived?.();
        throw error;
      }
    },
    reopen: async (facts, _protocol, record) =>
      'crcs' in record
        ? ChunkSession.reopen(context, facts, record)
        : SmallSession.reopen(context, files, facts, record),
    limits: async (options) => {
      const { maxFileSize } = await limits.get(undefined, options);
      return maxFileSize === undefined ? null : { maxFileSize };
    },
  };
};
