/** Messages by `BroadcastChannel`; no messages where the platform has none or forbids it (sandboxed frames). */

import type { Channel } from '../ports/channel.js';

export const createTabChannel = (name = 'fastio-upload'): Channel => {
  /** The channel with a listener. */
  let channel: BroadcastChannel | null = null;
  const open = (): BroadcastChannel => {
    const opened = new BroadcastChannel(name);
    // An open channel keeps Node running; browsers have no `unref`.
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
        // Other tabs miss this message.
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
        // Without a channel, other tabs cannot be reached.
      }
    },
  };
};
