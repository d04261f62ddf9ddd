/**
 * The protocols of the package, in the order in which `auto` prefers them. To add one, add a file in this folder and a
 * row here. Protocols that most pages need are in the bundle; the others are loaded on first use.
 */

import { never } from '../lib/abortable.js';
import { chunked } from './chunked.js';
import { presigned } from './presigned.js';
import type { ProtocolContext, ProtocolDefinition } from './shared/definition.js';

/** An empty body loads the code for digests, and starts its worker, while the protocol's code is loaded. */
const startingDigests = <Code>({ hasher }: ProtocolContext, code: Code): Code => {
  void hasher.md5?.(new Blob(), { signal: never() }).catch(() => {});
  return code;
};

export const PROTOCOLS: readonly ProtocolDefinition[] = [
  {
    name: 'fastio',
    suits: 'all',
    // Three full batches: one fills while the others are sent.
    batchWindow: 600,
    firstRequest: { method: 'GET', path: 'upload/limits/' },
    load: async () => (await import('./fastio.js')).fastio,
  },
  {
    name: 'multipart',
    suits: 'large',
    firstRequest: { method: 'POST', path: '' },
    load: async (context) => (await startingDigests(context, import('./multipart.js'))).multipart,
  },
  { name: 'chunked', suits: 'large', firstRequest: { method: 'POST', path: 'init' }, create: chunked },
  {
    name: 'tus',
    firstRequest: { method: 'OPTIONS', path: '', headers: { 'Tus-Resumable': '1.0.0' } },
    load: async () => (await import('./tus.js')).tus,
  },
  { name: 'form', load: async () => (await import('./form.js')).form },
  { name: 'presigned', suits: 'small', firstRequest: { method: 'POST', path: '' }, create: presigned },
];
