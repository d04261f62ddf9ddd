/** Real servers on the loopback interface, closed at the end of the test that opened them. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** The URL of a server that answers with `listener`, without a slash at its end. */
export const listen = async (context: TestContext, listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  context.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

/** Something that a test waits for: `resolve` it where it happens. */
export const signalled = <Value = void>() => {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

/** Reads to the end, without keeping anything. */
export const drain = async (incoming: IncomingMessage): Promise<number> => {
  let bytes = 0;
  for await (const chunk of incoming) bytes += chunk.length;
  return bytes;
};
