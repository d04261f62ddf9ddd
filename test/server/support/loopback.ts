/** Real servers on the loopback interface, closed at the end of the test that opened them. */

import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** The URL of a server that answers with `listener`, without a slash at its end. It ends no idle connection by itself. */
export const listen = async (context: TestContext, listener: RequestListener): Promise<string> => {
  const server = createServer({ keepAliveTimeout: 0 }, listener).listen(0, '127.0.0.1');
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

/** An upstream that reads and never answers; it tells when the first bytes have come, and when the request has broken off. */
export const silentUpstream = () => {
  const begun = signalled();
  const ended = signalled();
  const listener = (incoming: IncomingMessage): void => {
    incoming.once('data', () => begun.resolve());
    incoming.once('error', () => ended.resolve());
  };
  return { listener, begun: begun.promise, ended: ended.promise };
};

/** The answer, whose body is not read. */
export const answerOf = async (client: ClientRequest): Promise<IncomingMessage> => {
  const [answer] = await once(client, 'response');
  answer.resume();
  return answer;
};

export const MiB = 2 ** 20;

const block = new Uint8Array(MiB);

/** Writes so many MiB, at the pace at which they are taken. */
export const write = async (client: ClientRequest, count: number): Promise<void> => {
  for (let written = 0; written < count; written++) if (!client.write(block)) await once(client, 'drain');
};

/** False when nothing moves for a while. */
const drained = (client: ClientRequest): Promise<boolean> =>
  Promise.race([
    once(client, 'drain').then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 100, false)),
  ]);

/** Writes MiB after MiB until no more is taken: what is on the way has filled the sockets. Answers how many are written. */
export const writeUntilStuck = async (client: ClientRequest, most: number): Promise<number> => {
  let written = 1;
  while (written < most && (client.write(block) || (await drained(client)))) written++;
  return written;
};

/** Reads to the end, without keeping anything. */
export const drain = async (incoming: IncomingMessage): Promise<number> => {
  let bytes = 0;
  for await (const chunk of incoming) bytes += chunk.length;
  return bytes;
};
