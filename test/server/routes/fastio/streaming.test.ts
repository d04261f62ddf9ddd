/** Chunks and batches between two real sockets: nothing is gathered on the way, and who leaves is missed. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { createUploadHandler } from '../../../../src/server/index.js';
import { toNodeListener } from '../../../../src/server/node.js';
import {
  answerOf,
  drain,
  listen,
  MiB,
  signalled,
  silentUpstream,
  write,
  writeUntilStuck,
} from '../../support/loopback.js';
import { API_KEY, authorize, refusal, SECRET } from '../../support/scripted-upstream.js';
import { asMultipart, currentUpstream, fastioOver, openUp } from './support.js';

const BOUNDARY = 'a-boundary-of-the-test';
const HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\n`;
const TAIL = `\r\n--${BOUNDARY}--\r\n`;

type ChunkListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** A session of `size` bytes; `onChunk` is what the upstream does with a chunk. Answers how to send one. */
const setUp = async (context: TestContext, size: number, onChunk: ChunkListener) => {
  const upstream = await listen(context, (incoming, outgoing) => {
    if (incoming.url?.includes('/chunk/')) return onChunk(incoming, outgoing);
    incoming.resume();
    outgoing.end('{"result":true,"id":"up1"}');
  });
  const options = { apiKey: API_KEY, workspaceId: 'ws_1', ticketSecret: SECRET, authorize, upstream };
  const handler = createUploadHandler({ ...options, protocols: ['fastio'] });
  const api = `${await listen(context, toNodeListener(handler))}/api/uploads/current/upload/`;
  const fields = new URLSearchParams({ name: 'a', size: String(size) });
  const opened = await fetch(api, { method: 'POST', headers: { 'x-user': 'ann' }, body: fields });
  const { id } = await opened.json();
  return (bytes = size): ClientRequest => {
    const client = request(`${api}${id}/chunk/?order=1&size=${size}`, {
      method: 'POST',
      headers: {
        'x-user': 'ann',
        'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
        'Content-Length': HEAD.length + bytes + TAIL.length,
      },
    });
    client.on('error', () => {});
    client.write(HEAD);
    return client;
  };
};

describe('a fastio chunk on its way', () => {
  it('reaches the upstream before it has left the client, with its length', async (context) => {
    const begun = signalled<string | undefined>();
    const open = await setUp(context, 10, async (incoming, outgoing) => {
      incoming.once('data', () => begun.resolve(incoming.headers['content-length']));
      await drain(incoming);
      outgoing.end('{"result":true}');
    });
    const client = open();
    const answered = answerOf(client);
    client.write('12345');
    assert.ok(Number(await begun.promise) > 10);
    client.end(`67890${TAIL}`);
    assert.equal((await answered).statusCode, 200);
  });

  it('waits for a slow upstream instead of gathering bytes', async (context) => {
    const arrived = signalled<{ incoming: IncomingMessage; outgoing: ServerResponse }>();
    const open = await setUp(context, 64 * MiB, (incoming, outgoing) => arrived.resolve({ incoming, outgoing }));
    const client = open();
    const answered = answerOf(client);
    const written = await writeUntilStuck(client, 64);
    assert.ok(written < 40, `${written} MiB left the client while the upstream read nothing`);
    const { incoming, outgoing } = await arrived.promise;
    const received = drain(incoming);
    await write(client, 64 - written);
    client.end(TAIL);
    assert.ok((await received) > 64 * MiB);
    outgoing.end('{"result":true}');
    assert.equal((await answered).statusCode, 200);
  });

  it('ends upstream when the client leaves', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 10, upstream.listener);
    const client = open();
    client.write('12345');
    await upstream.begun;
    client.destroy();
    await upstream.ended;
  });

  it('ends upstream when the client sends nothing for a minute', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 10, upstream.listener);
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const client = open();
    const answered = answerOf(client);
    client.write('12345');
    await upstream.begun;
    await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(60_000);
    assert.equal((await answered).statusCode, 408);
    await upstream.ended;
    client.destroy();
  });

  it('ends when the upstream takes nothing for a minute', async (context) => {
    const taken = signalled();
    const upstream = currentUpstream();
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      if (!(init.body instanceof ReadableStream)) return upstream.fetch(url, init);
      // Takes the first bytes and no more.
      await init.body.getReader().read();
      taken.resolve();
      return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    };
    const send = fastioOver(upstream, { fetch });
    const id = await openUp(send);
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const sent = asMultipart({}, { chunk: new Blob(['12345']) });
    const answered = send('POST', `/current/upload/${id}/chunk/?order=1&size=5`, sent);
    await taken.promise;
    context.mock.timers.tick(60_000);
    assert.deepEqual(await refusal(await answered), [504, 'upstream-timeout']);
  });

  it('is answered early where the upstream refuses early, and ends though the client sends no more', async (context) => {
    const open = await setUp(context, 10, (_incoming, outgoing) => {
      outgoing.writeHead(429, { 'Retry-After': '3' }).end('{"result":false}');
    });
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const client = open();
    const closed = once(client, 'close');
    const answered = answerOf(client);
    client.write('12345');
    assert.equal((await answered).statusCode, 429);
    await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(2000);
    await closed;
  });

  it('that turns out too long is refused, and ends upstream', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 5, upstream.listener);
    const client = open(6);
    const answered = answerOf(client);
    client.write('12345');
    await upstream.begun;
    client.end(`6${TAIL}`);
    assert.equal((await answered).statusCode, 413);
    await upstream.ended;
  });
});
