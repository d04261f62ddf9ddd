import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_OPTIONS } from '../../src/engine/options.js';
import { ProtocolCache } from '../../src/engine/protocol-cache.js';
import { targetOf } from '../../src/engine/upload/target.js';
import type { Protocol } from '../../src/ports/protocol.js';
import type { ControlRequest, Transport } from '../../src/ports/transport.js';
import type { EngineOptions, UploadEngine } from '../../src/preset.js';
import { MemoryStore } from '../../src/stores/memory-store.js';
import { AlbumServer } from '../support/album-server.js';
import { Bench, fileOf, namesOf } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';
import { wireResponse } from '../support/scripted-transport.js';
import { benchWith, file, recordOf } from './records/restored.js';

const FILES = 80;

const names = Array.from({ length: FILES }, (_, index) => `photo-${index}.jpg`);

interface World {
  readonly clock: FakeClock;
  readonly server: AlbumServer;
  readonly store: MemoryStore;
}

const newWorld = (clock = new FakeClock()): World => ({
  clock,
  server: new AlbumServer(clock),
  store: new MemoryStore({ wallNow: () => clock.wallNow() }),
});

/** A page whose backend has many albums. */
const albums = (options: Partial<EngineOptions>, world = newWorld()) => {
  const { clock, server, store } = world;
  const bench = new Bench(options, { transport: server, clock, store });
  return { bench, server, clock, store };
};

const CHUNKED = { endpoint: 'https://app.test/a', protocol: 'chunked', workspaceId: 'w1', folderId: 'f1' } as const;
const PRESIGNED = { ...CHUNKED, protocol: 'presigned', confirmEndpoint: 'https://app.test/a/confirm' } as const;

const CHANGES: readonly [what: string, before: Partial<EngineOptions>, after: Partial<EngineOptions>][] = [
  ['endpoint', CHUNKED, { endpoint: 'https://app.test/b' }],
  ['protocol', CHUNKED, { protocol: 'presigned' }],
  ['workspace', CHUNKED, { workspaceId: 'w2' }],
  ['folder', CHUNKED, { folderId: 'f2' }],
  ['confirmation', PRESIGNED, { confirmEndpoint: 'https://app.test/b/confirm' }],
  ['list', CHUNKED, { listName: 'b' }],
];

const albumsOf = ({ stored }: AlbumServer): string[] => [...new Set(stored.map(({ album }) => album))];

describe('An upload', () => {
  for (const [what, before, after] of CHANGES) {
    it(`goes where it was to go when it was added, though another ${what} is set meanwhile`, async () => {
      const { bench, server, clock } = albums(before);
      bench.engine.addFiles(names.map((name) => fileOf(name)));
      await clock.advanceUntil(() => server.stored.length > 10);
      bench.engine.configure(after);

      await clock.advanceUntil(() => bench.engine.progress.done === FILES);

      assert.deepEqual(server.stored.map(({ name }) => name).sort(), [...names].sort());
      assert.equal(albumsOf(server).length, 1, albumsOf(server).join());
    });

    it(`goes there after a reload, too, when another ${what} is set`, async () => {
      const { bench, server, clock, store } = albums(before);
      const files = names.map((name) => fileOf(name));
      bench.engine.addFiles(files);
      await clock.advanceUntil(() => server.stored.length > 10);
      bench.engine.configure(after);
      bench.engine.pause();
      await clock.advance(1000);
      const records = await store.load('https://app.test/a ');
      const reloaded = new MemoryStore({ wallNow: () => clock.wallNow() });
      await reloaded.put(records.map((record) => ({ ...record, id: `${record.id}'`, pausedByUser: false })));

      const { endpoint = CHUNKED.endpoint, listName = '', ...others } = after;
      const { engine } = albums({ ...before, ...others }, { clock, server, store: reloaded }).bench;
      await engine.restore();
      engine.configure({ endpoint, listName });
      engine.addFiles(files.filter(({ name }) => records.some((record) => record.name === name)));
      await clock.advanceUntil(() => engine.progress.pending === 0);

      assert.deepEqual(server.stored.map(({ name }) => name).sort(), [...names].sort());
      assert.equal(albumsOf(server).length, 1, albumsOf(server).join());
    });
  }
});

describe('A protocol', () => {
  it('is made once for a target, however often the page sets its options again', () => {
    const made: string[] = [];
    const cache = new ProtocolCache(
      ({ workspaceId }) => {
        made.push(workspaceId);
        return {} as Protocol;
      },
      () => ({ ...DEFAULT_OPTIONS, headers: () => ({}) }),
    );
    const target = targetOf({ ...DEFAULT_OPTIONS, workspaceId: 'w1' });

    const first = cache.for(target);

    assert.equal(cache.for({ ...target }), first);
    cache.for({ ...target, workspaceId: 'w2' });
    assert.deepEqual(made, ['w1', 'w2']);
  });

  it('reads the headers of now at each request', () => {
    let headers: EngineOptions['headers'] = { token: '1' };
    const read: EngineOptions['headers'][] = [];
    const cache = new ProtocolCache(
      (options) => {
        read.push(options.headers);
        return {} as Protocol;
      },
      () => ({ ...DEFAULT_OPTIONS, headers }),
    );
    cache.for(targetOf(DEFAULT_OPTIONS));
    headers = () => ({ token: '2' });

    const [given] = read;
    assert.deepEqual(typeof given === 'function' ? given() : given, { token: '2' });
  });
});

describe('Headers that are a new function at each rendering', () => {
  /** What is asked of a backend with batches of grants while 300 files go to it. */
  const askedWith = async (configure: (engine: UploadEngine) => void): Promise<Record<string, number>> => {
    const clock = new FakeClock();
    const asked: Record<string, number> = {};
    let granted = 0;
    const grant = () => ({ uploadUrl: `https://storage.test/${++granted}`, fileId: `f${granted}` });
    const answer = ({ method, url, json }: ControlRequest): object => {
      asked[method] = (asked[method] ?? 0) + 1;
      const urls = { presigned: url };
      if (method === 'GET') return { version: 1, protocols: ['presigned'], urls, mintBatch: 100 };
      const { files } = json as { readonly files?: readonly unknown[] };
      return files === undefined ? grant() : { grants: files.map(grant) };
    };
    const transport: Transport = {
      control: async (request, { signal }) => {
        await clock.delay(100, { signal });
        return wireResponse(request.url, { json: answer(request) });
      },
      send: async ({ url }, { signal }) => {
        await clock.delay(50, { signal });
        return wireResponse(url, {});
      },
    };
    const { engine } = new Bench({ protocol: 'auto' }, { clock, transport });
    engine.addFiles(Array.from({ length: 300 }, (_, index) => fileOf(`${index}.txt`)));
    while (engine.progress.pending > 0) {
      configure(engine);
      await clock.advance(50);
    }
    assert.equal(engine.progress.done, 300);
    return asked;
  };

  it('cost no request', async () => {
    const rendered = await askedWith((engine) => engine.configure({ headers: () => ({}) }));
    assert.deepEqual(rendered, await askedWith(() => {}));
    assert.equal(rendered.GET, 1);
  });
});

describe('An upload that was added without an endpoint', () => {
  const withoutEndpoint = async (options: Partial<EngineOptions> = {}) => {
    const { bench, server, clock } = albums({ endpoint: '', protocol: 'chunked', ...options });
    bench.engine.addFiles([fileOf('a.txt')]);
    await clock.advanceUntil(() => bench.engine.progress.failed === 1);
    return { ...bench, server, clock };
  };

  it('goes to the endpoint that is set by the time it is retried', async () => {
    const { engine, server, clock } = await withoutEndpoint();
    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
    engine.configure(CHUNKED);
    engine.retry();
    await clock.advanceUntil(() => engine.progress.done === 1);
    assert.deepEqual(
      server.stored.map(({ name }) => name),
      ['a.txt'],
    );
  });

  it('keeps that endpoint from then on', async () => {
    const { engine, server, clock } = await withoutEndpoint();
    engine.configure(CHUNKED);
    engine.retry();
    engine.configure({ endpoint: 'https://app.test/b' });
    await clock.advanceUntil(() => engine.progress.done === 1);
    const { engine: other, server: otherServer, clock: otherClock } = await withoutEndpoint();
    other.configure(CHUNKED);
    other.retry();
    await otherClock.advanceUntil(() => other.progress.done === 1);
    assert.deepEqual(albumsOf(server), albumsOf(otherServer));
  });
});

describe('A file', () => {
  it('is no duplicate of one that goes elsewhere', () => {
    const { bench } = albums({ ...CHUNKED, autoStart: false });
    bench.engine.addFiles([fileOf('a.txt')]);
    bench.engine.configure({ folderId: 'f2' });

    bench.engine.addFiles([fileOf('a.txt')]);

    assert.deepEqual(namesOf(bench.engine.uploads), ['a.txt', 'a.txt']);
  });

  it('that comes back goes to the upload that waits for it, whatever is set now', async () => {
    const record = await recordOf(file, { target: null });
    const bench = await benchWith([record]);
    await bench.engine.restore();
    bench.engine.configure({ folderId: 'f2' });

    bench.engine.addFiles([file]);
    await bench.server.nextInspect();

    assert.equal(bench.engine.uploads.length, 1);
  });
});
