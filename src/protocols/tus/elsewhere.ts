/** Tells developers why uploads start from zero after a reload, and what to change. Loaded on demand. */

import type { Backend } from '../shared/backend.js';

/** `origin` is where the server put an upload; the rest of its URL is not logged, because it is often its only secret. */
export const warnElsewhere = ({ endpoint }: Backend, origin: string): void => {
  const message =
    `fastio-upload: the tus server creates uploads at ${origin}, at URLs that are not below ${endpoint}, so they start ` +
    'from zero after a reload. Let `Location` begin with the endpoint, or be relative to it; behind a proxy the server ' +
    'needs the host and the path under which the page reaches it.';
  // biome-ignore lint/suspicious/noConsole: this is what the module is for.
  console.warn(message);
};
