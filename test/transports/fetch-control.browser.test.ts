import { expect } from '@open-wc/testing';
import type { ControlRequest } from '../../src/ports/transport.js';
import { createBrowserTransport } from '../../src/transports/browser-transport.js';
import { XhrTransport } from '../../src/transports/xhr-transport.js';
import { expectFailure, failureOf, NEVER, platform, server } from './bench.js';

describe('Control requests of the browser transport', () => {
  const transport = createBrowserTransport(platform);

  const control = (path: string, request: Partial<ControlRequest> = {}, signal = NEVER) =>
    transport.control({ method: 'POST', url: server.url + path, json: { name: 'é' }, ...request }, { signal });

  it('belong to a transport that sends data by XMLHttpRequest', () => {
    expect(transport).to.be.instanceOf(XhrTransport);
  });

  it('send JSON and give status, headers, text and the URL without its query', async () => {
    const { status, header, text, url } = await control('/sink?token=secret');
    const { bytes, headers } = JSON.parse(text);
    expect([status, bytes, url]).to.deep.equal([200, 13, `${server.url}/sink`]);
    expect([headers['content-type'], headers.accept]).to.deep.equal(['application/json', 'application/json']);
    expect(header('etag')).to.equal('"0123456789abcdef0123456789abcdef"');
  });

  it('send no body and no type for one when there is no JSON', async () => {
    const { text } = await transport.control({ method: 'GET', url: `${server.url}/sink` }, { signal: NEVER });
    const { method, bytes, headers } = JSON.parse(text);
    expect([method, bytes, headers['content-type']]).to.deep.equal(['GET', 0, undefined]);
  });

  it('send a form, URL-encoded, even an empty one', async () => {
    const { text } = await control('/sink', { json: undefined, form: { name: 'é&' } });
    const empty = JSON.parse((await control('/sink', { json: undefined, form: {} })).text);
    const { bytes, headers } = JSON.parse(text);
    expect([headers['content-type'], bytes]).to.deep.equal([
      'application/x-www-form-urlencoded',
      'name=%C3%A9%26'.length,
    ]);
    expect([empty.headers['content-type'], empty.bytes]).to.deep.equal(['application/x-www-form-urlencoded', 0]);
  });

  it('send the headers asked for, and tell another origin nothing of the page', async () => {
    const { headers } = JSON.parse((await control('/sink', { headers: { authorization: 'Bearer key' } })).text);
    expect([headers.authorization, headers.referer, headers.cookie]).to.deep.equal([
      'Bearer key',
      undefined,
      undefined,
    ]);
  });

  it('take any status for an answer', async () => {
    expect((await control('/status/503')).status).to.equal(503);
  });

  /** How often the browser asked for permission. */
  const preflights = async (key: string): Promise<number> => {
    const log: { method: string }[] = await (await fetch(`${server.url}/log?key=${key}`)).json();
    return log.filter(({ method }) => method === 'OPTIONS').length;
  };

  it('ask one URL for permission once, where they change something', async () => {
    const key = crypto.randomUUID();
    for (let round = 0; round < 3; round += 1) await control(`/sink?key=${key}`);
    expect(await preflights(key)).to.equal(1);
  });

  it('leave permissions to the cache for small bodies too', async () => {
    const key = crypto.randomUUID();
    const request = {
      method: 'PUT',
      url: `${server.url}/sink?key=${key}`,
      headers: {},
      body: new Blob(['x']),
    } as const;
    for (let round = 0; round < 3; round += 1) await transport.send(request, { signal: NEVER });
    expect(await preflights(key)).to.equal(1);
  });

  for (const path of ['/redirect-elsewhere', '/redirect-here']) {
    it(`do not follow ${path}`, async () => {
      const key = crypto.randomUUID();
      await expectFailure(control(`${path}?key=${key}`), 'protocol', false);
      const log: { path: string }[] = await (await fetch(`${server.url}/log?key=${key}`)).json();
      expect(log.some(({ path: seen }) => seen === '/sink')).to.equal(false);
    });
  }

  it('time out when no answer comes', async () => {
    await expectFailure(control('/swallow', { timeoutMs: 50 }), 'timeout', true);
  });

  it('call a connection that is cut a failure of the network', async () => {
    await expectFailure(control('/reset-after/0'), 'network', true);
  });

  it('call an answer that is cut short a failure of the network', async () => {
    await expectFailure(control('/half-answer'), 'network', true);
  });

  it("reject with the signal's reason when aborted", async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const aborted = control('/swallow', {}, controller.signal);
    controller.abort(reason);
    expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
  });

  it('may outlive the page', async () => {
    expect((await control('/sink', { keepalive: true })).status).to.equal(200);
  });

  it('refuse a header that is none, without quoting its value', async () => {
    const { code, message } = await failureOf(control('/sink', { headers: { authorization: 'sec\nret' } }));
    expect(code).to.equal('configuration');
    expect(message).not.to.contain('sec');
  });
});
