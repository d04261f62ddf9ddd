import assert from 'node:assert/strict';
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { createUploadHandler } from '../../src/server/index.js';
import { toNodeListener } from '../../src/server/node.js';
import { answerOf, drain, listen, MiB, signalled, silentUpstream, write, writeUntilStuck } from './support/loopback.js';
import { API_KEY, authorize, SECRET } from './support/scripted-upstream.js';

type PartListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** A gateway between two real sockets; `onPart` is what the upstream does with a part. */
const setUp = async (context: TestContext, totalSize: number, onPart: PartListener) => {
  const upstream = await listen(context, (incoming, outgoing) => {
    if (incoming.method === 'PUT') return onPart(incoming, outgoing);
    incoming.resume();
    outgoing.end(JSON.stringify({ upload_id: 'up_1' }));
  });
  const options = {
    apiKey: API_KEY,
    workspaceId: 'ws_1',
    ticketSecret: SECRET,
    authorize,
    upstream,
    upstreamTimeoutMs: 30_000,
  };
  const gateway = await listen(context, toNodeListener(createUploadHandler(options)));
  const opened = await fetch(`${gateway}/api/uploads/chunked/init`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'x-user': 'ann' },
    body: JSON.stringify({ filename: 'a', total_size: totalSize }),
  });
  const { upload_id: id } = await opened.json();
  return (headers: Record<string, string | number> = {}): ClientRequest =>
    request(`${gateway}/api/uploads/chunked/${id}/parts`, {
      method: 'PUT',
      headers: { 'x-user': 'ann', 'Fastio-Part-Number': '1', ...headers },
    });
};

describe('a relayed part', () => {
  it('reaches the upstream before the client has sent all of it', async (context) => {
    const first = signalled<string>();
    const open = await setUp(context, 10, (incoming, outgoing) => {
      incoming.once('data', (chunk) => first.resolve(String(chunk)));
      incoming.on('end', () => outgoing.setHeader('ETag', '"abc"').end());
      incoming.resume();
    });
    const client = open();
    client.write('begin');
    assert.equal(await first.promise, 'begin');
    client.end('-end');
    const answer = await answerOf(client);
    assert.deepEqual([answer.statusCode, answer.headers.etag], [200, '"abc"']);
  });

  it('keeps the length that the client declared, and does without one', async (context) => {
    const arrived: [string | undefined, number][] = [];
    const open = await setUp(context, 10, async (incoming, outgoing) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = incoming.headers;
      arrived.push([length ?? encoding, await drain(incoming)]);
      outgoing.setHeader('ETag', 'abc').end();
    });
    for (const [headers, body] of [
      [{ 'Content-Length': 5 }, '12345'],
      [{ 'Content-Length': 0 }, ''],
      [{}, '12345'],
    ] as const) {
      const client = open(headers);
      client.write(body);
      client.end();
      assert.equal((await answerOf(client)).statusCode, 200);
    }
    assert.deepEqual(arrived, [
      ['5', 5],
      ['0', 0],
      ['chunked', 5],
    ]);
  });

  it('waits for a slow upstream instead of gathering bytes', async (context) => {
    const arrived = signalled<{ incoming: IncomingMessage; outgoing: ServerResponse }>();
    const open = await setUp(context, 64 * MiB, (incoming, outgoing) => arrived.resolve({ incoming, outgoing }));
    const client = open({ 'Content-Length': 64 * MiB });
    const written = await writeUntilStuck(client, 64);
    assert.ok(written < 40, `${written} MiB left the client while the upstream read nothing`);
    const { incoming, outgoing } = await arrived.promise;
    const received = drain(incoming);
    await write(client, 64 - written);
    client.end();
    assert.equal(await received, 64 * MiB);
    outgoing.setHeader('ETag', 'abc').end();
    assert.equal((await answerOf(client)).statusCode, 200);
  });

  it('of 200 MiB needs no more memory than one of 40', async (context) => {
    const open = await setUp(context, 200 * MiB, async (incoming, outgoing) => {
      const bytes = await drain(incoming);
      outgoing.setHeader('ETag', `${bytes}`).end();
    });
    /** Answers the largest resident size while the part was sent. */
    const send = async (size: number): Promise<number> => {
      const client = open({ 'Content-Length': size * MiB });
      let most = 0;
      for (let sent = 0; sent < size; sent++) {
        await write(client, 1);
        most = Math.max(most, process.memoryUsage().rss);
      }
      client.end();
      assert.equal((await answerOf(client)).headers.etag, String(size * MiB));
      return most;
    };
    // Client and upstream live in this process too, and the first round fills its pools.
    const small = await send(40);
    const grown = (await send(200)) - small;
    assert.ok(grown < 80 * MiB, `${Math.round(grown / MiB)} MiB more`);
  });

  it('ends upstream when the client leaves', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 10, upstream.listener);
    const client = open({ 'Content-Length': 10 });
    client.on('error', () => {});
    client.write('12345');
    await upstream.begun;
    client.destroy();
    await upstream.ended;
  });

  it('ends upstream when the client leaves while the answer is awaited', async (context) => {
    const received = signalled();
    const ended = signalled();
    const open = await setUp(context, 5, async (incoming, outgoing) => {
      outgoing.once('close', () => ended.resolve());
      await drain(incoming);
      received.resolve();
    });
    const client = open({ 'Content-Length': 5 });
    client.on('error', () => {});
    client.end('12345');
    await received.promise;
    client.destroy();
    await ended.promise;
  });

  it('ends upstream when the client sends nothing for a minute', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 10, upstream.listener);
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const client = open({ 'Content-Length': 10 });
    client.on('error', () => {});
    const answered = answerOf(client);
    client.write('12345');
    await upstream.begun;
    await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(60_000);
    assert.equal((await answered).statusCode, 408);
    await upstream.ended;
    client.destroy();
  });

  it('that turns out too long is refused, and ends upstream', async (context) => {
    const upstream = silentUpstream();
    const open = await setUp(context, 5, upstream.listener);
    const client = open();
    client.write('1234');
    await upstream.begun;
    client.end('56');
    assert.equal((await answerOf(client)).statusCode, 413);
    await upstream.ended;
  });

  it('is answered early where the upstream refuses early, and little more of it is taken', async (context) => {
    const open = await setUp(context, 32 * MiB, (_incoming, outgoing) => {
      outgoing.writeHead(429, { 'Retry-After': '3' }).end();
    });
    const client = open({ 'Content-Length': 32 * MiB });
    const ended = new Promise((resolve) => client.once('close', resolve));
    // What it still has to say is not taken.
    client.on('error', () => {});
    client.end(new Uint8Array(32 * MiB));
    const answer = await answerOf(client);
    assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [429, '3']);
    await ended;
  });

  it('whose upstream breaks off is a failure of the upstream', async (context) => {
    const open = await setUp(context, 5, (incoming) => incoming.once('data', () => incoming.destroy()));
    const client = open({ 'Content-Length': 5 });
    client.end('12345');
    assert.equal((await answerOf(client)).statusCode, 502);
  });

  it('is not sent on to where the upstream redirects it', async (context) => {
    let followed = false;
    const elsewhere = await listen(context, (incoming, outgoing) => {
      followed = true;
      incoming.resume();
      outgoing.end();
    });
    const open = await setUp(context, 5, async (incoming, outgoing) => {
      await drain(incoming);
      outgoing.writeHead(307, { Location: elsewhere }).end();
    });
    const client = open({ 'Content-Length': 5 });
    client.end('12345');
    assert.equal((await answerOf(client)).statusCode, 502);
    assert.equal(followed, false);
  });

  it('may take its time, but the upstream has to answer soon after its last byte', async (context) => {
    const [begun, received] = [signalled(), signalled()];
    const open = await setUp(context, 5, (incoming) => {
      incoming.once('data', begun.resolve).once('end', received.resolve);
    });
    context.mock.timers.enable({ apis: ['setTimeout'] });
    // Without a length its end is seen only when the gateway has told it.
    const client = open();
    let status: number | undefined;
    const answered = answerOf(client).then(({ statusCode }) => {
      status = statusCode;
    });
    client.write('1234');
    await begun.promise;
    context.mock.timers.tick(45_000);
    client.end('5');
    await Promise.race([received.promise, answered]);
    assert.equal(status, undefined);
    context.mock.timers.tick(29_999);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(status, undefined);

    context.mock.timers.tick(1);

    await answered;
    assert.equal(status, 504);
  });
});
