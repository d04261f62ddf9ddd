import type { Socket } from 'node:net';
import { abortableDelay } from '../../lib/abortable.js';

/** Time of each connection's next read, in milliseconds since 1970. */
const nextReads = new WeakMap<Socket, number>();

/** Waits as long as the bytes take at this speed. Requests on the same connection share its speed. */
export const pace = async (
  socket: Socket,
  bytes: number,
  options: { readonly bytesPerSecond: number; readonly signal: AbortSignal },
): Promise<void> => {
  if (options.bytesPerSecond === Number.POSITIVE_INFINITY) return;
  const now = Date.now();
  const next = Math.max(nextReads.get(socket) ?? 0, now) + (bytes / options.bytesPerSecond) * 1000;
  nextReads.set(socket, next);
  await abortableDelay(next - now, options.signal);
};
