/**
 * tus 1.0 (source: tus.io protocol 1.0.0): creation, HEAD, PATCH, termination and expiration with any server;
 * creation-with-upload, checksum and concatenation only where `Tus-Extension` lists them, because a server that does not
 * know `Upload-Checksum` takes the bytes all the same.
 *
 * One upload takes one request at a time, and a broken one keeps what has arrived, so parts are large and go one after
 * another. With concatenation each part is an upload of its own, and parts go side by side.
 *
 * The URL of an upload is often its only secret. Kept is its path below the endpoint; a server that puts uploads elsewhere
 * gets the file from the beginning after a reload.
 */

import { UploadError } from '../ports/errors.js';
import type { CallOptions, Protocol } from '../ports/protocol.js';
import type { ProtocolContext } from './shared/definition.js';
import { DistinctGrants } from './shared/distinct-grants.js';
import { PARALLEL, ParallelSession } from './tus/parallel-session.js';
import { SequentialSession, SMALL } from './tus/sequential-session.js';
import { takenOver } from './tus/taken-over.js';
import { askServer, type TusContext, type TusServer } from './tus/tus-server.js';
import { aboutOf, TusUpload } from './tus/tus-upload.js';

/** `backend` has the creation URL as its endpoint. */
export type TusOptions = Pick<ProtocolContext, 'backend'> & Partial<Pick<ProtocolContext, 'checksums'>>;
export const tus = ({ backend, checksums = false }: TusOptions): Protocol => {
  let asking: Promise<TusServer> | null = null;
  const grants = new DistinctGrants();
  const context = async ({ signal }: CallOptions): Promise<TusContext> => {
    asking ??= askServer(backend, checksums, { signal }).catch((error: unknown) => {
      asking = null;
      throw error;
    });
    return { backend, server: await asking };
  };
  return {
    name: 'tus',
    open: async (facts, options) => {
      const known = await context(options);
      const { extensions, maxSize } = known.server;
      const { size } = facts;
      if (size > maxSize) throw new UploadError('too-large', `the server takes at most ${maxSize} bytes`);
      const left = await takenOver(known, facts, options);
      if (left !== null) return new SequentialSession(known, facts, left);
      if (extensions.has('concatenation') && size > 2 * PARALLEL.minPartSize) {
        return new ParallelSession(known, facts, new Map());
      }
      const upload = new TusUpload(known, aboutOf(facts));
      const isSmall = size > 0 && size <= SMALL && extensions.has('creation-with-upload');
      if (!isSmall) grants.claim(await upload.create(options), facts);
      return new SequentialSession(known, facts, upload);
    },
    reopen: async (facts, _protocol, { path, parts }, options) => {
      const known = await context(options);
      if (typeof path === 'string') {
        const upload = new TusUpload(known, aboutOf(facts), backend.url(path));
        return new SequentialSession(known, facts, upload);
      }
      if (typeof parts !== 'string') throw new UploadError('session-lost', 'the record names no upload');
      const paths = parts.split(' ').map((entry) => entry.split('='));
      return new ParallelSession(
        known,
        facts,
        new Map(paths.map(([number, at = '']) => [Number(number), backend.url(at)])),
      );
    },
  };
};
