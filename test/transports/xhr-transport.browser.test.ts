import { expect } from '@open-wc/testing';
import type { DataRequest } from '../../src/ports/transport.js';
import { XhrTransport } from '../../src/transports/xhr-transport.js';
import { until } from '../support/until.js';
import { bodyOf, dataRequest, expectFailure, failureOf, MIB, NEVER, platform, server, TELLING } from './bench.js';

describe('XhrTransport, sending data', () => {
  let transport: XhrTransport;

  const send = (path: string, body?: DataRequest['body']) =>
    transport.send(dataRequest(server.url + path, body), { signal: NEVER });
  /** @param stallTimeoutMs long where bytes have to leave first */
  const windUp = (stallTimeoutMs = 1000) => {
    transport = new XhrTransport({ ...platform, stallTimeoutMs, responseTimeoutMs: 700 });
  };
  const seen = async (key: string): Promise<{ method: string; path: string }[]> =>
    (await fetch(`${server.url}/log?key=${key}`)).json();

  beforeEach(() => {
    // Patient, so that a busy machine is not taken for a stall; the tests of the clocks wind them up themselves.
    transport = new XhrTransport(platform);
  });

  describe('answers', () => {
    it('gives status, headers, text and the URL without its query', async () => {
      const { status, header, text, url } = await send('/sink?signature=secret');
      expect(status).to.equal(200);
      expect(header('ETag')).to.equal('"0123456789abcdef0123456789abcdef"');
      expect(JSON.parse(text).bytes).to.equal(1000);
      expect(url).to.equal(`${server.url}/sink`);
    });

    it('gives null for a header that is absent or that CORS hides', async () => {
      const { header } = await send('/no-etag');
      expect([header('etag'), header('retry-after')]).to.deep.equal([null, null]);
    });

    it('takes any status for an answer', async () => {
      const { status, header } = await send('/status/503');
      expect([status, header('retry-after')]).to.deep.equal([503, '7']);
    });
  });

  describe('requests', () => {
    it('sends the method and exactly the headers asked for', async () => {
      const request = {
        ...dataRequest(`${server.url}/sink`),
        method: 'POST',
        headers: { 'content-type': 'image/png' },
      } as const;
      const { method, headers } = JSON.parse((await transport.send(request, { signal: NEVER })).text);
      expect([method, headers['content-type'], headers.cookie]).to.deep.equal(['POST', 'image/png', undefined]);
    });

    const bodies: Record<string, [body: DataRequest['body'], bytes: number]> = {
      'an empty Blob': [bodyOf(0), 0],
      'a Blob of 20 MiB': [bodyOf(20 * MIB), 20 * MIB],
      'a slice of a Blob': [bodyOf(MIB).slice(10, 20), 10],
      'an ArrayBuffer': [new ArrayBuffer(77), 77],
    };
    for (const [name, [body, bytes]] of Object.entries(bodies)) {
      it(`sends ${name} whole`, async () => {
        expect(JSON.parse((await send('/sink', body)).text).bytes).to.equal(bytes);
      });
    }

    it('sends a form', async () => {
      const form = new FormData();
      form.append('file', bodyOf(1000), 'a.bin');
      const { text } = await transport.send(
        { method: 'POST', url: `${server.url}/sink`, headers: {}, body: form },
        { signal: NEVER },
      );
      expect(JSON.parse(text).headers['content-type']).to.match(/^multipart\/form-data; boundary=/);
    });

    it('refuses a header that is none, without quoting its value', async () => {
      const request = { ...dataRequest(`${server.url}/sink`), headers: { authorization: 'sec\nret' } };
      const { code, message } = await failureOf(transport.send(request, { signal: NEVER }));
      expect(code).to.equal('protocol');
      expect(message).not.to.contain('sec');
    });
  });

  describe('progress', () => {
    it('grows up to the size of the body', async () => {
      const reports: number[] = [];
      const key = crypto.randomUUID();
      const request = dataRequest(`${server.url}/held/${MIB}?key=${key}`, bodyOf(20 * MIB));
      // The server takes the rest of the body once it is known to be under way.
      const onProgress = (sentBytes: number): void => {
        if (reports.push(sentBytes) === 1) void fetch(`${server.url}/release?key=${key}`);
      };
      await transport.send(request, { signal: NEVER, onProgress });
      expect(reports.length).to.be.greaterThan(1);
      expect(reports).to.deep.equal([...reports].sort((a, b) => a - b));
      expect(reports.at(-1)).to.equal(20 * MIB);
    });

    it('is not reported after the answer', async () => {
      let reports = 0;
      await transport.send(dataRequest(`${server.url}/sink`, bodyOf(MIB)), {
        signal: NEVER,
        onProgress: () => reports++,
      });
      const atEnd = reports;
      await send('/sink');
      expect(reports).to.equal(atEnd);
    });
  });

  describe('aborts', () => {
    it('sends nothing when the signal is already aborted', async () => {
      const reason = new Error('paused');
      const key = crypto.randomUUID();
      const aborted = transport.send(dataRequest(`${server.url}/sink?key=${key}`), {
        signal: AbortSignal.abort(reason),
      });
      expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
      expect(await seen(key)).to.deep.equal([]);
    });

    it("rejects with the signal's reason while bytes are on their way", async () => {
      const controller = new AbortController();
      const reason = new Error('paused');
      const onProgress = () => controller.abort(reason);
      const request = dataRequest(`${server.url}/slow?rate=${10 * MIB}`, bodyOf(20 * MIB));
      const aborted = transport.send(request, { signal: controller.signal, onProgress });
      expect(await aborted.catch((error: unknown) => error)).to.equal(reason);
    });

    it('takes an abort by the browser itself for a failure of the network', async function () {
      // Firefox ends the runner's own connection, too, and WebKitGTK not always the request.
      if (!('chrome' in window)) this.skip();
      const key = crypto.randomUUID();
      const pending = expectFailure(send(`/swallow?key=${key}`, bodyOf(TELLING)), 'network', true);
      await until(async () => (await seen(key)).length === 2, 'the preflight and the request arrive');
      window.stop();
      await pending;
    });
  });

  describe('failures', () => {
    it('calls a connection that is cut while sending a failure of the network', async () => {
      await expectFailure(send(`/reset-after/${MIB}`, bodyOf(40 * MIB)), 'network', true);
    });

    it('calls an answer that is cut short a failure of the network', async () => {
      await expectFailure(send('/half-answer'), 'network', true);
    });

    it('times out when the server stops taking bytes', async () => {
      windUp();
      await expectFailure(send(`/stall-after/${MIB}`, bodyOf(64 * MIB)), 'timeout', true);
    });

    it('times out when all bytes are sent and no answer comes', async () => {
      windUp(4000);
      const { code, message } = await failureOf(send('/swallow', new ArrayBuffer(TELLING)));
      expect([code, message]).to.deep.equal(['timeout', 'all bytes were sent, but no answer came']);
    });

    it('times out when not even the preflight is answered', async () => {
      windUp();
      await expectFailure(send('/black-hole', bodyOf(64 * MIB)), 'timeout', true);
    });

    it('does not time out while bytes move, however slowly', async () => {
      transport = new XhrTransport({ ...platform, stallTimeoutMs: 2500, responseTimeoutMs: 20_000 });
      const { status } = await send(`/slow?rate=${8 * MIB}`, bodyOf(32 * MIB));
      expect(status).to.equal(200);
    });

    it('tells the progress of 64 KiB only of a server that has answered, so that no redirect takes them', async () => {
      const here = `${server.url}/sink`;
      const elsewhere = here.replace('127.0.0.1', 'localhost');
      const told = async (url: string): Promise<number[]> => {
        const loaded: number[] = [];
        const onProgress = (bytes: number) => loaded.push(bytes);
        await transport.send(dataRequest(url, bodyOf(64 * 1024)), { signal: NEVER, onProgress });
        return loaded;
      };
      expect(await told(here)).to.deep.equal([]);
      expect((await told(here)).at(-1)).to.equal(64 * 1024);
      expect(await told(elsewhere), 'the other one has not answered yet').to.deep.equal([]);
      await failureOf(send('/reset-after/0'));
      expect((await told(here)).at(-1), 'a failure is no redirect').to.equal(64 * 1024);
      for (const bytes of [64 * 1024, 1000]) {
        await failureOf(send('/redirect-here', bodyOf(bytes)));
        expect(await told(here), `after a redirect of ${bytes} bytes`).to.deep.equal([]);
        expect((await told(here)).at(-1)).to.equal(64 * 1024);
      }
    });

    for (const path of ['/redirect-elsewhere', '/redirect-here']) {
      it(`refuses ${path} before a small body goes there`, async () => {
        const key = crypto.randomUUID();
        await expectFailure(send(`${path}?key=${key}`), 'protocol', false);
        const paths = (await seen(key)).map(({ path: asked }) => asked);
        expect(new Set(paths.map((asked) => asked.split('?')[0]))).to.deep.equal(new Set([path]));
      });

      it(`refuses the answer to a large body that went to ${path}`, async () => {
        await expectFailure(send(path, bodyOf(MIB)), 'protocol', false);
      });
    }

    it('says nothing of the query in its messages', async () => {
      const { message } = await failureOf(send(`/reset-after/0?signature=secret`));
      expect(message).not.to.contain('secret');
    });
  });
});

describe('XhrTransport, in a page whose service worker hides progress', () => {
  let registration: ServiceWorkerRegistration;

  before(async () => {
    registration = await navigator.serviceWorker.register('/__relay-service-worker.js', { scope: '/' });
    await until(() => navigator.serviceWorker.controller !== null, 'the worker controls the page');
  });

  after(async () => {
    await registration.unregister();
  });

  it('does not take the silence for a stall', async () => {
    const transport = new XhrTransport({ ...platform, stallTimeoutMs: 100, responseTimeoutMs: 100 });
    let reports = 0;
    const request = dataRequest(`${server.url}/slow?rate=${16 * MIB}`, bodyOf(16 * MIB));
    const { status } = await transport.send(request, { signal: NEVER, onProgress: () => reports++ });
    expect([status, reports]).to.deep.equal([200, 0]);
  });

  it('still ends a request that takes longer than its size allows', async () => {
    const transport = new XhrTransport({ ...platform, stallTimeoutMs: 100, responseTimeoutMs: 100 });
    await expectFailure(transport.send(dataRequest(`${server.url}/swallow`), { signal: NEVER }), 'timeout', true);
  });
});
