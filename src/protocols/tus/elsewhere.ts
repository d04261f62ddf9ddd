/** Tells developers why uploads start from zero after a reload, and what to change. Loaded on demand. */

import type { Backend } from '../shared/backend.js';

const warned = new WeakSet<Backend>();

/** Once per backend. Of `url`, where an upload is, only the origin is logged, because the rest is often its only secret. */
export const warnElsewhere = (backend: Backend, url: string): void => {
  if (warned.has(backend)) return;
  warned.add(backend);
  const message =
    `fastio-upload: the tus server creates uploads at ${new URL(url).origin}, at URLs that are not below ${backend.endpoint}, so they start ` +
    'from zero after a reload. Let `Location` begin with the endpoint, or be relative to it; behind a proxy the server ' +
    'needs the host and the path under which the page reaches it.';
  // biome-ignore lint/suspicious/noConsole: this is what the module is for.
  console.warn(message);
};
