/** What may go wrong between a real page and its storage, and what must come of it. */

import assert from 'node:assert/strict';
import { truncate, unlink, writeFile } from 'node:fs/promises';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { LogEntry } from '../../src/emulator/http/request-log.js';
import { startEmulator } from '../../src/emulator/index.js';
import type { EngineOptions } from '../../src/engine/options.js';
import { BROWSER } from '../support/browsers/browser-name.js';
import type { DemoPage, DemoProtocol } from './support/demo-page.js';
import { assertSameFiles } from './support/same-files.js';
import { openStage } from './support/stage.js';

const MIB = 2 ** 20;

/** WebKit says of a file that changed what it says of one that is gone, NotFoundError; others say NotReadableError. */
const CHANGED = BROWSER === 'webkit' ? 'source-unreadable' : 'source-changed';

const { demo, browser, files, close } = await openStage();
after(close);
beforeEach(() => demo.clear());

/** Pages of the test at hand; one that was left open would go on uploading. */
const pages: DemoPage[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

/** Opens the demo, with properties of the element set before anything is chosen. */
const open = async (protocol: DemoProtocol, properties: Partial<EngineOptions> = {}): Promise<DemoPage> => {
  const page = await browser.open(demo.url, protocol);
  pages.push(page);
  await page.set(properties);
  return page;
};

const partRequests = async (): Promise<LogEntry[]> =>
  (await demo.log()).filter(({ method, part }) => method === 'PUT' && part !== null);

/** Most requests that were open at one moment. */
const mostAtOnce = (entries: readonly LogEntry[]): number => {
  const edges = entries.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt, change: 1 },
    { at: endedAt ?? Number.POSITIVE_INFINITY, change: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at || a.change - b.change);
  let running = 0;
  let most = 0;
  for (const { change } of edges) {
    running += change;
    most = Math.max(most, running);
  }
  return most;
};

describe('the budget of requests', () => {
  const slowConnections = {
    rules: [{ match: { path: '/parts$' }, action: { type: 'bandwidth', bytesPerSecond: 8 * MIB } }],
  } as const;

  it('keeps at least four parts in flight where single connections are slow', async () => {
    const made = await files.make('capped.bin', 64 * MIB);
    await demo.faults(slowConnections);
    const page = await open('chunked');
    await page.choose(made.path);
    await page.settled(1);
    const parallel = mostAtOnce(await partRequests());
    assert.ok(parallel >= 4, `${parallel} parts at once`);
    assert.ok(parallel <= 6, `${parallel} parts at once`);
    assertSameFiles(await demo.files(), [made]);
  });

  it('never sends more at once than `parallel` allows', async () => {
    const made = await Promise.all(['a', 'b', 'c'].map((name) => files.make(`two-lanes/${name}.bin`, 12 * MIB)));
    await demo.faults(slowConnections);
    const page = await open('chunked', { parallel: 2 });
    await page.choose(...made.map(({ path }) => path));
    await page.settled(3);
    assert.equal(mostAtOnce(await partRequests()), 2);
    assertSameFiles(await demo.files(), made);
  });
});

describe('a bad line', () => {
  it('ends in the right bytes although a fifth of the part requests fail', async () => {
    const made = await files.make('bad-line.bin', 48 * MIB);
    const match = { method: 'PUT', path: '/parts$' };
    await demo.faults({
      rules: [
        { match, probability: 0.1, seed: 3, action: { type: 'status', status: 500 } },
        { match, probability: 0.08, seed: 5, action: { type: 'reset', afterBytes: 300_000 } },
        { match: { ...match, part: 4 }, times: 1, action: { type: 'swallow' } },
      ],
    });
    const page = await open('chunked', { partSize: MIB });
    await page.choose(made.path);
    const [upload] = await page.settled(1, 120_000);
    assert.equal(upload?.state, 'done');
    const struck = (await partRequests()).filter(({ faults }) => faults.length > 0);
    assert.ok(struck.length >= 5, `${struck.length} requests failed`);
    assertSameFiles(await demo.files(), [made]);
  });

  it('keeps away as long as Retry-After says', async () => {
    const made = await files.make('throttled.bin', 9 * MIB);
    const busy = { type: 'status', status: 429, headers: { 'Retry-After': '3' } } as const;
    await demo.faults({ rules: [{ match: { method: 'PUT', path: '/parts$' }, times: 1, action: busy }] });
    const page = await open('chunked', { parallel: 1 });
    await page.choose(made.path);
    await page.settled(1);
    const requests = await partRequests();
    const refused = requests.findIndex(({ status }) => status === 429);
    const [first, next] = requests.slice(refused);
    assert.ok((next?.startedAt ?? 0) - (first?.endedAt ?? 0) >= 2_990, 'three seconds passed');
    assertSameFiles(await demo.files(), [made]);
  });

  it('gets a new grant for an expired one without a word', async () => {
    const made = await files.make('expired.bin', 2 * MIB);
    const expired = { type: 'status', status: 403 } as const;
    await demo.faults({ rules: [{ match: { method: 'PUT', path: '^/storage/' }, times: 1, action: expired }] });
    const page = await open('presigned');
    await page.choose(made.path);
    const [upload] = await page.settled(1);
    assert.equal(upload?.state, 'done');
    assert.equal(upload.attempt, 1);
    assertSameFiles(await demo.files(), [made]);
  });

  it('goes on after a reload, and sends no confirmed part again', async () => {
    const made = await files.make('reloaded.bin', 40 * MIB);
    await demo.faults({
      rules: [{ match: { path: '/parts$' }, action: { type: 'bandwidth', bytesPerSecond: 2 * MIB } }],
    });
    const page = await open('chunked', { partSize: MIB });
    await page.choose(made.path);
    await page.confirmed(0.4);
    await page.reload();
    await demo.faults({ rules: [] });
    await page.waiting('needs-file');
    await page.choose(made.path);
    await page.settled(1);
    const stored = (await partRequests()).filter(({ status }) => status === 200).map(({ part }) => part);
    assert.equal(stored.length, new Set(stored).size, 'each part was stored once');
    assertSameFiles(await demo.files(), [made]);
  });
});

describe('an upload that cannot succeed says why, and the others go on', () => {
  interface Case {
    readonly title: string;
    readonly code: string;
    readonly protocol: DemoProtocol;
    readonly arrange: (page: DemoPage) => Promise<unknown>;
  }
  const onDoomed = { path: '/parts$', name: 'doomed.bin' };

  const cases: readonly Case[] = [
    {
      title: 'a full disk',
      code: 'storage',
      protocol: 'chunked',
      arrange: () => demo.faults({ rules: [{ match: onDoomed, action: { type: 'disk-full', afterBytes: 100_000 } }] }),
    },
    {
      title: 'a storage without CORS',
      code: 'cors',
      protocol: 'presigned',
      arrange: () =>
        demo.faults({
          rules: [
            { match: { method: 'PUT', path: '^/storage/', name: 'doomed.bin' }, action: { type: 'no-cors' } },
            { match: { method: 'OPTIONS', path: '^/storage/', name: 'doomed.bin' }, action: { type: 'no-cors' } },
          ],
        }),
    },
  ];

  for (const { title, code, protocol, arrange } of cases) {
    it(`${title} fails with ${code}`, async () => {
      const doomed = await files.make(`${code}/doomed.bin`, 3 * MIB);
      const page = await open(protocol);
      await arrange(page);
      await page.choose(doomed.path);
      const [upload] = await page.settled(1);
      assert.equal(upload?.error?.code, code, upload?.error?.message);
      await assertSaid(page);
      const healthy = await files.make(`${code}/healthy.bin`, 100_000);
      await demo.faults({ rules: [] });
      await page.choose(healthy.path);
      await page.settled(2);
      assertSameFiles(await demo.files(), [healthy]);
    });
  }

  it('a hidden ETag fails with protocol', async () => {
    const apiKey = 'key-of-the-test';
    const emulator = await startEmulator({ apiKey });
    try {
      await emulator.faults({ rules: [{ match: { path: '/parts$' }, action: { type: 'etag', as: 'hidden' } }] });
      const doomed = await files.make('hidden/doomed.bin', 3 * MIB);
      const page = await open('chunked', {
        endpoint: `${emulator.url}/v1/uploads/chunked`,
        headers: { Authorization: `Bearer ${apiKey}` },
        workspaceId: 'test',
      });
      await page.choose(doomed.path);
      const [upload] = await page.settled(1);
      assert.equal(upload?.error?.code, 'protocol', upload?.error?.message);
      assert.match(upload.error.message, /Access-Control-Expose-Headers: ETag/);
      await assertSaid(page);
      assert.deepEqual(await emulator.files(), []);
    } finally {
      await emulator.close();
    }
  });

  it('a wrong endpoint is configuration', async () => {
    const made = await files.make('nowhere.bin', 1000);
    const page = await open('presigned', { endpoint: '/no/such/endpoint' });
    await page.choose(made.path);
    const [upload] = await page.settled(1);
    assert.equal(upload?.error?.code, 'configuration', upload?.error?.message);
    await assertSaid(page);
  });

  it('a user who is not signed in is unauthorized', async () => {
    const made = await files.make('stranger.bin', 1000);
    const page = await open('auto');
    await page.signInAs('guest');
    await page.choose(made.path);
    const [upload] = await page.settled(1);
    assert.equal(upload?.error?.code, 'unauthorized', upload?.error?.message);
    await assertSaid(page);
  });

  it('a file deleted while it is sent is source-unreadable', async () => {
    const doomed = await files.make('deleted/doomed.bin', 24 * MIB);
    const healthy = await files.make('deleted/healthy.bin', 3 * MIB);
    await demo.faults({ rules: [{ match: onDoomed, action: { type: 'bandwidth', bytesPerSecond: 2 * MIB } }] });
    const page = await open('chunked', { partSize: MIB, parallel: 3 });
    await page.choose(doomed.path, healthy.path);
    await page.confirmed(0.1);
    await unlink(doomed.path);
    const uploads = await page.settled(2);
    assert.equal(uploads.find(({ name }) => name === 'doomed.bin')?.error?.code, 'source-unreadable');
    await assertSaid(page);
    assertSameFiles(await demo.files(), [healthy]);
  });

  it(`a file changed while it is sent is ${CHANGED}`, async () => {
    const doomed = await files.make('changed/doomed.bin', 24 * MIB);
    await demo.faults({ rules: [{ match: onDoomed, action: { type: 'bandwidth', bytesPerSecond: 2 * MIB } }] });
    const page = await open('chunked', { partSize: MIB, parallel: 3 });
    await page.choose(doomed.path);
    await page.confirmed(0.1);
    await truncate(doomed.path, 5 * MIB);
    await writeFile(doomed.path, 'other', { flag: 'a' });
    const [upload] = await page.settled(1);
    assert.equal(upload?.error?.code, CHANGED, upload?.error?.message);
    assert.deepEqual(await demo.files(), []);
  });

  /** The row tells in words what happened. */
  const assertSaid = async (page: DemoPage): Promise<void> => {
    const text = await page.text();
    assert.match(text.replace(/\s+/g, ' '), /[A-Z][^.]{15,}\./);
  };
});
