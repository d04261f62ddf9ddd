/**
 * tus 1.0 (source: tus.io protocol 1.0.0): creation, HEAD, PATCH, termination and expiration with any server;
 * creation-with-upload, checksum and concatenation only where `Tus-Extension` lists them, because a server without the
 * extension ignores `Upload-Checksum` and accepts the bytes.
 *
 * An upload accepts one request at a time and keeps the bytes of a broken one, so parts are large and sent one after
 * another. With concatenation each part is its own upload, and parts are sent in parallel.
 *
 * The URL of an upload is often its only secret. The record keeps its path below the endpoint; where uploads have other
 * URLs, the file starts from zero after a reload.
 */

import { MiB } from '../lib/byte-size.js';
import { UploadError } from '../ports/errors.js';
import { lazyCode } from '../ports/lazy-code.js';
import type { CallOptions, Protocol, Session, UploadFacts } from '../ports/protocol.js';
import type { ProtocolContext } from './shared/definition.js';
import { DuplicateGuard } from './shared/duplicate-guard.js';
import { SharedRequest } from './shared/shared-request.js';
import { SequentialSession, SMALL } from './tus/sequential-session.js';
import { askServer, type TusContext } from './tus/tus-server.js';
import { aboutOf, TusUpload } from './tus/tus-upload.js';

/** The endpoint of `backend` is the creation URL. */
export type TusOptions = Pick<ProtocolContext, 'backend'> & Partial<Pick<ProtocolContext, 'checksums' | 'partSize'>>;

const loadBegun = lazyCode('tus', () => import('./tus/tus-js-client-upload.js'));
/** Few servers support concatenation. */
const loadParallel = lazyCode('tus', () => import('./tus/parallel-session.js'));

/** Files above this many bytes are sent in parallel where the server supports concatenation. */
const PARALLEL_ABOVE = 8 * MiB;

export const tus = ({ backend, checksums = false, partSize = 'auto' }: TusOptions): Protocol => {
  const urls = new DuplicateGuard();
  const asked = new SharedRequest((options) => askServer(backend, checksums, options));
  const context = async (options: CallOptions): Promise<TusContext> => ({
    backend,
    partSize,
    server: await asked.get(options),
  });
  return {
    name: 'tus',
    open: async (facts, options) => {
      const known = await context(options);
      const { extensions, maxSize } = known.server;
      const { size } = facts;
      if (size > maxSize) throw new UploadError('too-large', `the limit is ${maxSize} bytes`);
      const begun = hasOtherClient() && (await (await loadBegun()).tusJsClientUpload(known, facts, options));
      if (begun) return begun;
      if (extensions.has('concatenation') && size > PARALLEL_ABOVE) return parallel(known, facts, '');
      const upload = new TusUpload(known, aboutOf(facts));
      const isSmall = size > 0 && size <= SMALL && extensions.has('creation-with-upload');
      if (!isSmall) urls.claim(await upload.create(options), facts);
      return new SequentialSession(known, facts, upload);
    },
    reopen: async (facts, _protocol, { path, parts, begun }, options) => {
      const known = await context(options);
      if (typeof parts === 'string') return parallel(known, facts, parts);
      if (typeof begun === 'string') return (await loadBegun()).reopened(known, { facts, begun }, options);
      if (typeof path !== 'string') throw new UploadError('session-lost', 'the record has no path');
      return new SequentialSession(known, facts, new TusUpload(known, aboutOf(facts), backend.url(path)));
    },
  };
};

const parallel = async (context: TusContext, facts: UploadFacts, parts: string): Promise<Session> => {
  const { ParallelSession } = await loadParallel();
  return new ParallelSession(context, facts, parts);
};

/** True when tus-js-client left records. Access to `localStorage` throws where the browser blocks storage. */
const hasOtherClient = (): boolean => {
  try {
    const { localStorage } = globalThis as { readonly localStorage?: object };
    return Object.keys(localStorage ?? {}).some((key) => key.startsWith('tus::'));
  } catch {
    return false;
  }
};
