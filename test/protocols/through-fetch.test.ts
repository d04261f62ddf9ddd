/** The requests of `presigned`, `chunked` and `auto` as they leave a real `fetch`, against the contract, section 3. */

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { type EngineOptions, UploadEngine } from '../../src/preset.js';
import { MemoryStore } from '../../src/stores/memory-store.js';
import { FetchTransport } from '../../src/transports/fetch-transport.js';
import { bytesOf, EventLog, fileOf, slotsOf } from '../support/builders.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { FakeChannelHub, FakeConnectivity, FakeLockManager, fakeHasher } from '../support/fake-ports.js';

const server = setupServer();

before(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
after(() => server.close());

const APP = 'http://app.test/uploads';

/** Adds files and waits until nothing is left to do. */
const upload = async (options: Partial<EngineOptions>, files: readonly File[]) => {
  const clock = new FakeClock();
  const connectivity = new FakeConnectivity();
  const engine = new UploadEngine(
    { endpoint: APP, headers: { 'X-Page': 'yes' }, ...options },
    {
      transport: new FetchTransport({ clock, connectivity }),
      clock,
      connectivity,
      store: new MemoryStore(),
      locks: new FakeLockManager().tab(),
      channel: new FakeChannelHub().tab(),
      hasher: fakeHasher,
      slots: slotsOf(clock),
    },
  );
  const events = new EventLog(engine);
  engine.addFiles(files);
  while (events.of('queue-complete').length === 0) {
    // Real requests take real turns of the loop; backoffs take turns of the clock.
    await settle();
    if (engine.uploads.some(({ state }) => state === 'waiting')) await clock.advance(1_000);
  }
  return { engine, events, uploads: engine.uploads };
};

describe('presigned through fetch', () => {
  it('mints, puts with the declared type, confirms', async () => {
    const seen: string[] = [];
    server.use(
      http.post(APP, async ({ request }) => {
        seen.push(`mint ${request.headers.get('content-type')} ${request.headers.get('x-page')}`);
        seen.push(JSON.stringify(await request.json()));
        return HttpResponse.json({
          uploadUrl: 'http://storage.test/o?sig=1',
          fileId: 'f1',
          headers: { 'x-extra': '1' },
        });
      }),
      http.put('http://storage.test/o', async ({ request }) => {
        const { headers } = request;
        seen.push(`put ${headers.get('content-type')} ${headers.get('x-extra')} ${headers.get('x-page')}`);
        assert.deepEqual(new Uint8Array(await request.arrayBuffer()), bytesOf(70_000));
        return new HttpResponse(null, { status: 204 });
      }),
      http.post('http://app.test/confirm', async ({ request }) => {
        seen.push(`confirm ${JSON.stringify(await request.json())}`);
        return HttpResponse.json({ stored: true });
      }),
    );

    const { uploads } = await upload({ protocol: 'presigned', confirmEndpoint: 'http://app.test/confirm' }, [
      fileOf('ä #?%.png', 70_000, { type: 'image/png' }),
    ]);

    assert.deepEqual([uploads[0]?.state, uploads[0]?.result], ['done', { stored: true }]);
    assert.deepEqual(seen, [
      'mint application/json yes',
      '{"filename":"ä #?%.png","contentType":"image/png","size":70000}',
      'put image/png 1 null',
      'confirm {"fileId":"f1","filename":"ä #?%.png","size":70000,"contentType":"image/png"}',
    ]);
  });

  it('resolves a relative grant against the endpoint', async () => {
    server.use(
      http.post(APP, () => HttpResponse.json({ url: 'store/1', fileId: 'f1' })),
      http.put('http://app.test/store/1', () => new HttpResponse(null)),
    );

    const { uploads } = await upload({ protocol: 'presigned' }, [fileOf('a.txt')]);

    assert.equal(uploads[0]?.state, 'done');
  });

  it('keeps the path of a grant out of errors and events, because it may be the secret', async () => {
    server.use(
      http.post(APP, () => HttpResponse.json({ url: 'http://storage.test/hush/1?sig=hush', fileId: 'f1' })),
      http.put('http://storage.test/hush/1', () => new HttpResponse(null, { status: 400 })),
    );

    const { events, uploads } = await upload({ protocol: 'presigned' }, [fileOf('a.txt')]);

    assert.equal(uploads[0]?.error?.message, 'http://storage.test answered 400');
    assert.doesNotMatch(JSON.stringify([events, uploads]), /hush/);
  });
});

describe('chunked through fetch', () => {
  it('sends numbered parts and takes the ETag from the header or the body', async () => {
    const parts = new Map<number, Uint8Array>();
    let manifest: unknown;
    server.use(
      http.post(`${APP}/init`, () => HttpResponse.json({ upload_id: 'a/b', part_size: 40_000 })),
      http.put(`${APP}/a%2Fb/parts`, async ({ request }) => {
        const number = Number(request.headers.get('fastio-part-number'));
        assert.equal(request.headers.get('content-type'), 'application/octet-stream');
        assert.equal(request.headers.get('x-page'), 'yes');
        parts.set(number, new Uint8Array(await request.arrayBuffer()));
        return number === 1
          ? HttpResponse.json({ etag: '"from-body"' })
          : new HttpResponse(null, { headers: { ETag: 'W/"from-header"' } });
      }),
      http.post(`${APP}/a%2Fb/complete`, async ({ request }) => {
        manifest = await request.json();
        return HttpResponse.json({ file_id: 42 });
      }),
    );

    const { uploads } = await upload({ protocol: 'chunked' }, [fileOf('a.bin', 70_000)]);

    assert.equal(uploads[0]?.fileId, '42');
    assert.deepEqual(
      Buffer.concat([parts.get(1) ?? [], parts.get(2) ?? []].map(Buffer.from)),
      Buffer.from(bytesOf(70_000)),
    );
    assert.deepEqual(manifest, {
      parts: [
        { part_number: 1, etag: 'from-body' },
        { part_number: 2, etag: 'from-header' },
      ],
    });
  });

  it('keeps a query of the endpoint', async () => {
    const searches: string[] = [];
    const note = ({ request }: { request: Request }) => searches.push(new URL(request.url).search);
    server.use(
      http.post(`${APP}/init`, (info) => {
        note(info);
        return HttpResponse.json({ upload_id: 's' });
      }),
      http.put(`${APP}/s/parts`, (info) => {
        note(info);
        return new HttpResponse(null, { headers: { ETag: 'e' } });
      }),
      http.post(`${APP}/s/complete`, (info) => {
        note(info);
        return HttpResponse.json({ file_id: 'f' });
      }),
    );

    await upload({ protocol: 'chunked', endpoint: `${APP}/?tenant=7` }, [fileOf('a.bin')]);

    assert.deepEqual(searches, ['?tenant=7', '?tenant=7', '?tenant=7']);
  });
});

describe('auto through fetch', () => {
  const offer = {
    version: 1,
    protocols: ['chunked', 'presigned', 'telepathy'],
    urls: { presigned: '/p', chunked: '/c', confirm: '/ok' },
    chunkedAbove: 100,
    mintBatch: 2,
  };

  it('asks once, then takes chunked above the mark and presigned up to it', async () => {
    const seen: string[] = [];
    server.events.on('request:start', ({ request }) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
    });
    server.use(
      http.get(APP, () => HttpResponse.json(offer)),
      http.post('http://app.test/p', async ({ request }) => {
        const { files } = (await request.json()) as { files: { filename: string }[] };
        return HttpResponse.json({
          grants: files.map(({ filename }) => ({ url: `/put/${filename}`, fileId: filename })),
        });
      }),
      http.put('http://app.test/put/:name', () => new HttpResponse(null)),
      http.post('http://app.test/ok', () => HttpResponse.json({})),
      http.post('http://app.test/c/init', () => HttpResponse.json({ upload_id: 's' })),
      http.put('http://app.test/c/s/parts', () => new HttpResponse(null, { headers: { ETag: 'e' } })),
      http.post('http://app.test/c/s/complete', () => HttpResponse.json({ file_id: 'f' })),
    );

    const { uploads } = await upload({}, [fileOf('small', 100), fileOf('big', 101)]);
    server.events.removeAllListeners();

    assert.deepEqual(
      uploads.map(({ state, protocol }) => [state, protocol]),
      [
        ['done', 'presigned'],
        ['done', 'chunked'],
      ],
    );
    assert.equal(seen.filter((line) => line === 'GET /uploads').length, 1);
    assert.ok(seen.includes('POST /ok'));
  });

  for (const status of [404, 405]) {
    it(`takes a backend that answers ${status} as presigned`, async () => {
      server.use(
        http.get(APP, () => new HttpResponse(null, { status })),
        http.post(APP, () => HttpResponse.json({ uploadUrl: '/put', fileId: 'f' })),
        http.put('http://app.test/put', () => new HttpResponse(null)),
      );

      const { uploads } = await upload({}, [fileOf('a')]);

      assert.deepEqual([uploads[0]?.state, uploads[0]?.protocol], ['done', 'presigned']);
    });
  }

  it('asks again when the question got no answer', async () => {
    let asked = 0;
    server.use(
      http.get(APP, () =>
        ++asked === 1 ? HttpResponse.error() : HttpResponse.json({ ...offer, protocols: ['presigned'] }),
      ),
      http.post('http://app.test/p', () => HttpResponse.json({ grants: [{ url: '/put', fileId: 'f' }] })),
      http.put('http://app.test/put', () => new HttpResponse(null)),
      http.post('http://app.test/ok', () => HttpResponse.json({})),
    );

    const { uploads } = await upload({}, [fileOf('a')]);

    assert.deepEqual([uploads[0]?.state, uploads[0]?.attempt, asked], ['done', 2, 2]);
  });

  it('does not make do with a backend that speaks nothing it knows, or no such language at all', async () => {
    const codes: unknown[] = [];
    for (const answer of [{ ...offer, protocols: ['telepathy'] }, { hello: 'world' }]) {
      server.resetHandlers(http.get(APP, () => HttpResponse.json(answer)));
      codes.push((await upload({}, [fileOf('a')])).uploads[0]?.error?.code);
    }

    assert.deepEqual(codes, ['configuration', 'configuration']);
  });
});
