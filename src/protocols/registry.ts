/**
 * The protocols that come with the package, in the order in which `auto` prefers them. A further one is a file in this
 * folder and a row here. What most pages need is part of the bundle; the rest is loaded when it is first used.
 */

import { chunked } from './chunked.js';
import { presigned } from './presigned.js';
import type { ProtocolDefinition } from './shared/definition.js';

export const PROTOCOLS: readonly ProtocolDefinition[] = [
  {
    name: 'fastio',
    suits: 'all',
    // Three full batches: one fills while the others travel.
    batchWindow: 600,
    firstRequest: { method: 'GET', path: 'upload/limits/' },
    load: async () => (await import('./fastio.js')).fastio,
  },
  { name: 'chunked', suits: 'large', firstRequest: { method: 'POST', path: 'init' }, create: chunked },
  { name: 'presigned', suits: 'small', firstRequest: { method: 'POST', path: '' }, create: presigned },
];
