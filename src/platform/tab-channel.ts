/** Messages by `BroadcastChannel`; silence where the platform has none or forbids it (sandboxed frames). */

import type { Channel } from '../ports/channel.js';

export const createTabChannel = (name = 'fastio-upload'): Channel => {
  /** The one that is listened to. */
  let channel: BroadcastChannel | null = null;
  const open = (): BroadcastChannel => {
    const opened = new BroadcastChannel(name);
    // Node would never end for it; browsers have no such call.
    if ('unref' in opened && typeof opened.unref === 'function') opened.unref();
    return opened;
  };
  return {
    post: (message) => {
      try {
        const sender = channel ?? open();
        sender.postMessage(message);
        if (sender !== channel) sender.close();
      } catch {
        // Other tabs do without this news.
      }
    },
    listen: (listener, { signal }) => {
      try {
        const opened = open();
        channel = opened;
        opened.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data), { signal });
        const close = () => {
          if (channel === opened) channel = null;
          opened.close();
        };
        signal.addEventListener('abort', close, { once: true });
      } catch {
        // No channel: other tabs cannot be reached.
      }
    },
  };
};
