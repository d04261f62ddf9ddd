import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { browserClock } from '../../src/platform/browser-clock.js';
import { browserConnectivity } from '../../src/platform/browser-connectivity.js';
import type { DataRequest } from '../../src/ports/transport.js';
import { createBrowserTransport } from '../../src/transports/browser-transport.js';
import { FetchTransport } from '../../src/transports/fetch-transport.js';
import { type BytesServer, startBytesServer } from '../support/bytes-server.js';

const NEVER = new AbortController().signal;

describe('FetchTransport in Node', () => {
  const platform = { clock: browserClock, connectivity: browserConnectivity };
  const transport = createBrowserTransport(platform);
  let server: BytesServer;

  before(async () => {
    server = await startBytesServer();
  });

  after(() => server.close());

  const put = (path: string, body: DataRequest['body'] = new Blob([new Uint8Array(1000)])): DataRequest => ({
    method: 'PUT',
    url: server.url + path,
    headers: { 'content-type': 'image/png' },
    body,
  });

  it('is what platforms without XMLHttpRequest get', () => {
    assert.ok(transport instanceof FetchTransport);
  });

  it('sends data and gives status, headers, text and the URL without its query', async () => {
    const { status, header, text, url } = await transport.send(put('/sink?signature=secret'), { signal: NEVER });
    const { bytes, headers } = JSON.parse(text);
    assert.deepEqual([status, bytes, headers['content-type'], url], [200, 1000, 'image/png', `${server.url}/sink`]);
    assert.equal(header('ETag'), '"0123456789abcdef0123456789abcdef"');
  });

  it('takes an answer that the page made itself, which has no URL', async (t) => {
    t.mock.method(globalThis, 'fetch', async () => new Response('made here', { status: 404 }));
    const { status, text, url } = await transport.send(put('/sink?signature=secret'), { signal: NEVER });
    assert.deepEqual([status, text, url], [404, 'made here', `${server.url}/sink`]);
  });

  it('sends an empty body', async () => {
    const { text } = await transport.send(put('/sink', new Blob([])), { signal: NEVER });
    assert.equal(JSON.parse(text).bytes, 0);
  });

  it('follows no redirect with data', async () => {
    await assert.rejects(transport.send(put('/redirect-elsewhere'), { signal: NEVER }), { code: 'protocol' });
  });

  it('times out by the size of the body when no answer comes', async () => {
    const impatient = new FetchTransport({ ...platform, stallTimeoutMs: 20, responseTimeoutMs: 20 });
    await assert.rejects(impatient.send(put('/swallow'), { signal: NEVER }), { code: 'timeout', retriable: true });
  });

  it('calls every failure one of the network, since nothing but a browser enforces CORS', async () => {
    for (let round = 0; round < 4; round += 1) {
      await assert.rejects(transport.send(put('/reset-after/0'), { signal: NEVER }), {
        code: 'network',
        retriable: true,
      });
    }
  });

  it("rejects with the signal's reason when aborted", async () => {
    const controller = new AbortController();
    const reason = new Error('paused');
    const aborted = transport.send(put('/swallow'), { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(aborted, reason);
  });

  it('sends nothing when the signal is already aborted', async () => {
    await assert.rejects(transport.send(put('/sink?key=never'), { signal: AbortSignal.abort(new Error('paused')) }));
    assert.deepEqual(await (await fetch(`${server.url}/log?key=never`)).json(), []);
  });

  it('asks for and sends JSON', async () => {
    const request = { method: 'POST', url: `${server.url}/sink`, json: { a: 1 } } as const;
    const { headers } = JSON.parse((await transport.control(request, { signal: NEVER })).text);
    assert.deepEqual([headers['content-type'], headers.accept], ['application/json', 'application/json']);
  });

  it('does not follow redirects of control requests', async () => {
    const request = { method: 'GET', url: `${server.url}/redirect-here` } as const;
    await assert.rejects(transport.control(request, { signal: NEVER }), {
      code: 'protocol',
      retriable: false,
      message: `${new URL(server.url).origin} redirects; name the final URL`,
    });
  });
});
