/**
 * Connections without a sign-in, in a process of their own, each of which announces a body and sends a byte of it twice a
 * second. Once the server has closed all, tells how long the longest was held, in milliseconds.
 */

import { once } from 'node:events';
import { connect } from 'node:net';

const DRIP_MS = 500;
const HEAD = [
  'POST /api/uploads/multipart HTTP/1.1',
  'Host: gateway',
  'Content-Type: application/json',
  'Content-Length: 1000000',
];

const [port = 0, count = 0] = process.argv.slice(2).map(Number);

const hold = async (): Promise<number> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // `once` would reject for a reset, which is one of the ways to be closed.
  const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => {}));
  const startedAt = performance.now();
  socket.write(`${HEAD.join('\r\n')}\r\n\r\n{`);
  const drip = setInterval(() => socket.write(' '), DRIP_MS);
  await closed;
  clearInterval(drip);
  return performance.now() - startedAt;
};

const times = await Promise.all(Array.from({ length: count }, hold));
process.send?.(Math.max(...times), () => process.disconnect());
