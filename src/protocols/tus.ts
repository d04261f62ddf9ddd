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

import { MiB } from '../lib/byte-size.js';
import { UploadError } from '../ports/errors.js';
import type { CallOptions, Protocol, Session, UploadFacts } from '../ports/protocol.js';
import type { ProtocolContext } from './shared/definition.js';
import { DistinctGrants } from './shared/distinct-grants.js';
import { SharedRequest } from './shared/shared-request.js';
import { SequentialSession, SMALL } from './tus/sequential-session.js';
import { askServer, type TusContext } from './tus/tus-server.js';
import { aboutOf, TusUpload } from './tus/tus-upload.js';

/** `backend` has the creation URL as its endpoint. */
export type TusOptions = Pick<ProtocolContext, 'backend'> & Partial<Pick<ProtocolContext, 'checksums'>>;

/** Above this many bytes parts go side by side where the server can put them together. */
const PARALLEL_ABOVE = 8 * MiB;

export const tus = ({ backend, checksums = false }: TusOptions): Protocol => {
  const grants = new DistinctGrants();
  const asked = new SharedRequest((options) => askServer(backend, checksums, options));
  const context = async (options: CallOptions): Promise<TusContext> => ({ backend, server: await asked.get(options) });
  return {
    name: 'tus',
    open: async (facts, options) => {
      const known = await context(options);
      const { extensions, maxSize } = known.server;
      const { size } = facts;
      if (size > maxSize) throw new UploadError('too-large', `the server takes at most ${maxSize} bytes`);
      const begun = hasForeign() ? await (await import('./tus/taken-over.js')).takenOver(known, facts, options) : null;
      if (begun !== null) return new SequentialSession(known, facts, begun);
      if (extensions.has('concatenation') && size > PARALLEL_ABOVE) return parallel(known, facts, '');
      const upload = new TusUpload(known, aboutOf(facts));
      const isSmall = size > 0 && size <= SMALL && extensions.has('creation-with-upload');
      if (!isSmall) grants.claim(await upload.create(options), facts);
      return new SequentialSession(known, facts, upload);
    },
    reopen: async (facts, _protocol, { path, parts }, options) => {
      const known = await context(options);
      if (typeof parts === 'string') return parallel(known, facts, parts);
      if (typeof path !== 'string') throw new UploadError('session-lost', 'the record names no upload');
      return new SequentialSession(known, facts, new TusUpload(known, aboutOf(facts), backend.url(path)));
    },
  };
};

/** Few servers can put uploads together, so what that needs is loaded when it is needed. */
const parallel = async (context: TusContext, facts: UploadFacts, parts: string): Promise<Session> => {
  const { ParallelSession } = await import('./tus/parallel-session.js');
  return new ParallelSession(context, facts, parts);
};

/** Whether tus-js-client has left anything. Asking throws where the page may keep nothing. */
const hasForeign = (): boolean => {
  try {
    const { localStorage } = globalThis as { readonly localStorage?: object };
    return Object.keys(localStorage ?? {}).some((key) => key.startsWith('tus::'));
  } catch {
    return false;
  }
};
