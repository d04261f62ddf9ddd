/**
 * The protocol of the Fast.io API (sources: the official upload reference, the vendor's client, the SvelteKit article):
 * files below 4 MiB in batches or in one request each, larger ones in sessions of chunks within the plan's limits.
 *
 * The endpoint is a gateway that relays, or the API itself, `https://api.fast.io/current`. The API itself needs a
 * target (`123` for a workspace, `share/123` for a share) and a `headers` function that returns `Authorization`, for
 * example with the token of a guest of a Receive share; it is called for each request, and its result is not stored.
 *
 * The API has no field for metadata, so none is sent.
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
 * The endpoint of `backend` corresponds to `…/current`. `workspaceId` is a workspace, or a share as `share/{id}`; empty
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
    // All files are stored by name in one folder.
    isFlat: () => true,
    open: async (facts, options) => {
      const { size, replaces } = declare(facts);
      // Repeating a single request would replace a node twice; chunks are safe to repeat, but an empty file has none.
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
