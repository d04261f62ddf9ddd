/** Messages by `BroadcastChannel`; silence where the platform has none or forbids it (sandboxed frames). */

import type { Channel } from '../ports/channel.js';

export const createTabChannel = (name = 'fastio-upload'): Channel => {
  let channel: BroadcastChannel | null = null;
  const open = (): BroadcastChannel | null => {
    try {
      channel ??= new BroadcastChannel(name);
      // Node would never end for it; browsers have no such call.
      if ('unref' in channel && typeof channel.unref === 'function') channel.unref();
    } catch {
      // No channel: other tabs cannot be reached.
    }
    return channel;
  };
  return {
    post: (message) => {
      try {
        open()?.postMessage(message);
      } catch {
        // Other tabs do without this news.
      }
    },
    listen: (listener, { signal }) =>
      open()?.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data), { signal }),
  };
};
