/** F: the browser's storage refuses, forgets, or holds what cannot be read. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { UploadRecord } from '../../../src/ports/store.js';
import { BrowserQuestions } from '../../e2e/support/browser-questions.js';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';

const DATABASE = 'fastio-upload';

/** Every so many transactions that write are aborted as soon as they begin. */
const ABORTING = `
  const realTransaction = IDBDatabase.prototype.transaction;
  let count = 0;
  IDBDatabase.prototype.transaction = function (tables, mode, options) {
    const transaction = realTransaction.call(this, tables, mode, options);
    if (mode === 'readwrite' && ++count % 3 === 0) queueMicrotask(() => { try { transaction.abort(); } catch {} });
    return transaction;
  };`;

const THROWING = `
  indexedDB.open = () => { throw new DOMException('not here', 'SecurityError'); };
  indexedDB.databases = async () => [];`;

/** Lays records into the database before the element looks for them. They have the scope of the page's element. */
const layRecords = async (bench: Bench, makeRecords: string): Promise<void> => {
  const tab = await bench.open({ 'no-resume': '' });
  const scope = `${new URL(bench.url()).searchParams.get('lab')}`;
  const { attributes } = JSON.parse(scope) as { attributes: { endpoint: string } };
  await tab.evaluate(
    async (name, source, endpoint) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name, 1);
        opening.onupgradeneeded = () => {
          const table = opening.result.createObjectStore('uploads', { keyPath: 'id' });
          table.createIndex('scope', 'scope');
          table.createIndex('expiresAt', 'expiresAt');
        };
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const transaction = database.transaction('uploads', 'readwrite');
      // The tests write the source themselves.
      const records = new Function('scope', `return ${source}`)(`${endpoint} `) as unknown[];
      for (const record of records) transaction.objectStore('uploads').put(record);
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      database.close();
    },
    DATABASE,
    makeRecords,
    attributes.endpoint,
  );
  await tab.close();
};

/** Source of a record that this version writes, with fields that a test sets differently. */
const recordWith = (changes: Partial<Record<keyof UploadRecord, unknown>>): string => `({
  id: 'r' + Math.random(), scope, name: 'old.bin', size: 10, type: '', lastModified: 1, relativePath: 'old.bin',
  fingerprint: null, handle: null, protocol: 'chunked', session: { uploadId: 'upl_unknown', maxParallel: null },
  partSize: 10, receipts: [], pausedByUser: false, createdAt: 1, updatedAt: 1, expiresAt: Date.now() + 1e9,
  ...${JSON.stringify(changes)} })`;

laboratory('F · storage', ({ scenario }) => {
  scenario('F1', async (bench) => {
    const tab = await bench.open();
    await tab.cdp.send('Storage.overrideQuotaForOrigin', { origin: bench.pageOrigin, quotaSize: 1 });
    bench.proxy.up.bytesPerSecond = 256 * KIB;
    const file = await bench.files.make('file.bin', MIB);
    await tab.choose(file.path);
    await bench.ended();
    await tab.cdp.send('Storage.overrideQuotaForOrigin', { origin: bench.pageOrigin });
    return { stored: [file], hasFailingStore: true };
  });

  scenario('F2', async (bench) => {
    const blocker = await bench.open({ 'no-resume': '' });
    await blocker.evaluate(async (name) => {
      const opening = indexedDB.open(name, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('anything');
      // Kept open, deaf to all who ask it to let go; the deletion waits for it, and all others for the deletion.
      const database = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result);
      });
      Object.assign(window, { database });
      indexedDB.deleteDatabase(name);
    }, DATABASE);
    const { file } = await bench.begin(MIB);
    await bench.ended();
    await blocker.close();
    return { stored: [file] };
  });

  scenario(
    'F3',
    async (bench) => {
      const { file } = await bench.begin(MIB);
      await bench.ended();
      return { stored: [file], hasFailingStore: true };
    },
    { beforeScripts: [THROWING] },
  );

  scenario('F4', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { tab, file } = await bench.begin(MIB);
    await bench.parts(4);
    await tab.cdp.send('Storage.clearDataForOrigin', { origin: bench.pageOrigin, storageTypes: 'all' });
    await bench.ended();
    return { stored: [file] };
  });

  const UNREADABLE = [
    { id: 'F5', detail: 'broken', record: recordWith({ receipts: 'none', size: 'big' }) },
    { id: 'F5', detail: 'from the future', record: recordWith({ partSize: { of: 'another kind' } }) },
    { id: 'E16', detail: 'without the fields of today', record: `({ id: 'old', scope, name: 'old.bin' })` },
    {
      id: 'G14',
      detail: 'a session without an id',
      record: recordWith({ session: { uploadId: '', maxParallel: null } }),
    },
  ] as const;
  for (const { id, detail, record } of UNREADABLE) {
    scenario(
      id,
      async (bench) => {
        await layRecords(bench, `[${record}]`);
        const { tab, file } = await bench.begin(4 * PART);
        await bench.ended();
        const old = (await tab.uploads()).filter(({ name }) => name === 'old.bin');
        assert.equal(old.length, id === 'G14' ? 1 : 0, 'what can be read comes back, and nothing else');
        if (id === 'G14') {
          await tab.act('cancel');
          await delay(700);
          // The preflight counts: a page of the same origin sends none.
          const bare = bench.backend.log().filter(({ path }) => /\/chunked\/?$/.test(path));
          assert.deepEqual(bare, [], 'a call without an id would mean all sessions');
        }
        return { stored: [file] };
      },
      {},
      detail,
    );
  }

  scenario(
    'F6',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { file } = await bench.begin(MIB);
      await bench.ended();
      return { stored: [file], hasFailingStore: true };
    },
    { beforeScripts: [ABORTING] },
  );

  scenario('F7', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { tab, file } = await bench.begin(MIB);
    await bench.parts(4);
    await tab.close();
    const cleaner = await bench.open({ 'no-resume': '' });
    await cleaner.cdp.send('Storage.clearDataForOrigin', { origin: bench.pageOrigin, storageTypes: 'all' });
    await cleaner.close();
    bench.proxy.heal();
    const next = await bench.open();
    assert.deepEqual(await next.uploads(), [], 'nothing is known of it');
    await next.choose(file.path);
    await bench.recorder.until('the end', (events) => events.some(({ name }) => name === 'upload-complete'));
    return { stored: [file], extraBytes: 12 * PART, orphans: 1, unfinished: 1 };
  });

  scenario('F8', async (bench) => {
    await layRecords(bench, `Array.from({ length: 1000 }, () => ${recordWith({ expiresAt: 1 })})`);
    const tab = await bench.open({ 'no-resume': '' });
    const ms = await tab.evaluate(async () => {
      const { engine } = window.lab.element;
      engine.configure({ resume: true });
      const startedAt = performance.now();
      await engine.restore();
      return performance.now() - startedAt;
    });
    bench.report(`${ms.toFixed(0)} ms until the records were read`);
    const file = await bench.files.make('file.bin', PART);
    await tab.choose(file.path);
    await bench.ended();
    return { stored: [file] };
  });

  for (const [detail, isAllowed] of [
    ['given anew', true],
    ['refused', false],
  ] as const) {
    scenario(
      'F9',
      async (bench) => {
        const browser = await OwnBrowser.start(bench, { flags: BrowserQuestions.FLAGS });
        const file = await bench.files.make('file.bin', MIB);
        bench.proxy.up.bytesPerSecond = 128 * KIB;
        const tab = await browser.open(bench);
        await tab.drop(file.path);
        await bench.parts(4);
        // With its page the site loses the right to read the file.
        await browser.kill();
        await browser.launch();
        bench.proxy.heal();
        const next = await browser.open(bench);
        await next.shows('needs-permission');
        await next.click('[data-action=continue]');
        const questions = await browser.questions();
        await (isAllowed ? questions.allow() : questions.refuse());
        if (!isAllowed) {
          await delay(1_000);
          const [upload] = await next.uploads();
          assert.equal(upload?.state, 'paused', 'it waits');
          await next.choose(file.path);
        }
        await bench.ended();
        questions.close();
        assert.equal(bench.requests('POST', /\/init$/).length, 1, 'one session');
        return { stored: [file], extraBytes: 6 * PART };
      },
      {},
      detail,
    );
  }
});
