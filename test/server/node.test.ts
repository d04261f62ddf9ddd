import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { toNodeListener } from '../../src/server/node.js';
import { listen, signalled } from './support/loopback.js';

const serve = (context: TestContext, handler: (request: Request) => Promise<Response>) =>
  listen(context, toNodeListener(handler));

const ask = async (url: string, options: RequestOptions = {}, body?: string): Promise<[IncomingMessage, string]> => {
  const client = request(url, options);
  client.end(body);
  const [answer] = await once(client, 'response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return [answer, text];
};

describe('toNodeListener', () => {
  it('makes a request with the URL that the Host header names, the method, the headers and the body', async (context) => {
    const url = await serve(context, async (request) => {
      const { method, headers } = request;
      return Response.json([method, request.url, headers.get('x-a'), await request.text()]);
    });
    const options = { method: 'POST', headers: { Host: 'app.example:8080', 'x-a': ['1', '2'] } };
    const [, text] = await ask(`${url}/a%20b?c=%2F`, options, 'body');
    assert.deepEqual(JSON.parse(text), ['POST', 'http://app.example:8080/a%20b?c=%2F', '1, 2', 'body']);
  });

  it('gives the whole path where a framework has cut off the mount path', async (context) => {
    const listener = toNodeListener(async (request) => new Response(new URL(request.url).pathname));
    const url = await listen(context, (incoming, outgoing) => {
      listener(Object.assign(incoming, { originalUrl: '/api/uploads/x', url: '/x' }), outgoing);
    });
    assert.equal((await ask(`${url}/api/uploads/x`))[1], '/api/uploads/x');
  });

  it('has no body where none was sent', async (context) => {
    const url = await serve(context, async ({ body }) => new Response(String(body)));
    for (const method of ['GET', 'POST', 'DELETE']) {
      assert.equal(
        (await ask(url, { method, ...(method === 'POST' && { headers: { 'Content-Length': 0 } }) }))[1],
        'null',
      );
    }
  });

  it('sends status, headers and every cookie', async (context) => {
    const headers = new Headers({ 'x-a': '1' });
    headers.append('set-cookie', 'a=1; Path=/');
    headers.append('set-cookie', 'b=2');
    const url = await serve(context, async () => new Response('made', { status: 201, headers }));
    const [answer, text] = await ask(url);
    assert.deepEqual([answer.statusCode, answer.headers['x-a'], text], [201, '1', 'made']);
    assert.deepEqual(answer.headers['set-cookie'], ['a=1; Path=/', 'b=2']);
  });

  it('sends no body with 204 and to HEAD', async (context) => {
    let canceled = false;
    const body = new ReadableStream({
      cancel() {
        canceled = true;
      },
    });
    const url = await serve(context, async ({ method }) =>
      method === 'HEAD' ? new Response(body, { headers: { 'x-a': '1' } }) : new Response(null, { status: 204 }),
    );
    const [head, headText] = await ask(url, { method: 'HEAD' });
    assert.deepEqual([head.statusCode, head.headers['x-a'], headText, canceled], [200, '1', '', true]);
    const [empty, emptyText] = await ask(url, { method: 'DELETE' });
    assert.deepEqual([empty.statusCode, emptyText], [204, '']);
  });

  it('sends the first bytes of an answer before the last are there, and waits for a slow reader', async (context) => {
    let pulled = 0;
    const body = () =>
      new ReadableStream({
        pull(controller) {
          if (++pulled > 1000) controller.close();
          else controller.enqueue(new Uint8Array(2 ** 16));
        },
      });
    const url = await serve(context, async () => new Response(body()));
    const client = request(url);
    client.end();
    const [answer] = await once(client, 'response');
    await once(answer, 'readable');
    assert.ok(pulled < 1000, `${pulled} chunks were pulled before any was read`);
    let bytes = 0;
    for await (const chunk of answer) bytes += chunk.length;
    assert.equal(bytes, 1000 * 2 ** 16);
  });

  it('aborts the signal of the request when the client leaves, and not after an answer', async (context) => {
    const asked = signalled<AbortSignal>();
    const aborted = signalled();
    const signals: AbortSignal[] = [];
    const url = await serve(context, async ({ url: target, signal }) => {
      signals.push(signal);
      if (target.endsWith('/quick')) return new Response('ok');
      signal.addEventListener('abort', () => aborted.resolve());
      asked.resolve(signal);
      return new Promise(() => {});
    });
    await ask(`${url}/quick`);
    const client = request(`${url}/slow`);
    client.on('error', () => {});
    client.end();
    await asked.promise;
    client.destroy();
    await aborted.promise;
    assert.deepEqual(
      signals.map((signal) => signal.aborted),
      [false, true],
    );
  });

  it('answers 500 as JSON when the handler rejects, and closes when it is too late for that', async (context) => {
    const url = await serve(context, async ({ url: target }) => {
      if (target.endsWith('/early')) throw new Error('secret');
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(1)),
          pull: () => Promise.reject(new Error('secret')),
        }),
      );
    });
    const [answer, text] = await ask(`${url}/early`);
    assert.deepEqual(
      [answer.statusCode, JSON.parse(text)],
      [500, { error: { code: 'internal', message: 'the gateway failed' } }],
    );
    await assert.rejects(ask(`${url}/late`), { code: 'ECONNRESET' });
  });

  it('answers 400 to a Host header that makes no URL', async (context) => {
    const url = await serve(context, async () => new Response('ok'));
    const [answer] = await ask(url, { headers: { Host: 'a b[' } });
    assert.equal(answer.statusCode, 400);
  });

  it('reads the little that a handler left of a body, so that the connection serves the next request', async (context) => {
    const url = await serve(context, async (request) => {
      const reader = request.body?.getReader();
      if (request.url.endsWith('/peek')) await reader?.read();
      if (request.url.endsWith('/cancel')) await reader?.cancel();
      return new Response(new URL(request.url).pathname);
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    context.after(() => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    for (const path of ['/ignore', '/cancel', '/peek', '/last']) {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 ** 17}\r\n\r\n`);
      socket.write(new Uint8Array(2 ** 17));
    }
    while (!text.includes('/last')) await once(socket, 'data');
    assert.deepEqual(text.match(/\/(ignore|cancel|peek|last)/g), ['/ignore', '/cancel', '/peek', '/last']);
  });

  /** Sends the head of a request to a handler that refuses it, and tells how much was read, and when the end has come. */
  const refused = async (context: TestContext, head: string) => {
    const listener = toNodeListener(async () => new Response('no', { status: 401 }));
    let read = () => 0;
    const url = await listen(context, (incoming, outgoing) => {
      read = () => incoming.socket.bytesRead;
      listener(incoming, outgoing);
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    context.after(() => socket.destroy());
    let [answer, isOpen] = ['', true];
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => {
      isOpen = false;
    });
    socket.on('error', () => {});
    socket.write(`${head}\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n`);
    return { socket, read: () => read(), answer: () => answer, isOpen: () => isOpen };
  };

  for (const head of ['POST / HTTP/1.1', 'GET / HTTP/1.1']) {
    it(`ends the connection of a ${head.slice(0, 4).trim()} that is answered and goes on for long`, async (context) => {
      const { socket, read, answer, isOpen } = await refused(context, head);
      const piece = new Uint8Array(2 ** 14);
      while (isOpen() && read() < 2 ** 20) {
        await new Promise((done) => socket.write(piece, done));
        await new Promise((done) => setImmediate(done));
      }
      assert.match(answer(), /^HTTP\/1\.1 401 /);
      assert.ok(read() < 2 ** 20, `${read()} bytes were read`);
    });
  }

  it('ends the connection of a request that is answered and drips on', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { socket, answer, isOpen } = await refused(context, 'POST / HTTP/1.1');
    const next = () => new Promise((done) => setImmediate(done));
    while (answer() === '') await next();
    // Two seconds pass, and then some turns in which the end may come.
    for (let turn = 0; turn < 1000 && isOpen(); turn++) {
      socket.write('.');
      await next();
      if (turn < 20) context.mock.timers.tick(100);
    }
    assert.match(answer(), /^HTTP\/1\.1 401 /);
    assert.equal(isOpen(), false);
  });
});
