/** D: the file itself changes, vanishes, or comes back as another one. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFile,
  chmod,
  mkdir,
  open,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { BROWSER, HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import type { Expectation } from '../support/oracle.js';
import { OwnBrowser } from '../support/own-browser.js';

const SIZE = 2 * MIB;

/** A file on its way, with some parts confirmed. */
const midway = async (bench: Bench): Promise<{ readonly tab: LabTab; readonly file: MadeFile }> => {
  bench.proxy.up.bytesPerSecond = 128 * KIB;
  const begun = await bench.begin(SIZE);
  await bench.parts(6);
  return begun;
};

/** Nothing of a file that changed may become visible; its session ends with its row. */
const refused = { stored: [], extraBytes: SIZE, orphans: 1 };

/** WebKit says of a file that changed what it says of one that is gone. */
const CHANGED = BROWSER === 'webkit' ? 'source-unreadable' : 'source-changed';

/** A browser that keeps sending what is no longer there is found out by its silence. */
const PATIENCE_MS = 120_000;

/**
 * Chromium refuses to read a file that changed. Others go on reading it as it was chosen: then that is what is stored.
 */
const refusedOrAsChosen = (bench: Bench, file: MadeFile, code: string): Expectation => {
  if (!HAS_DEVTOOLS && bench.failure === undefined) return { stored: [file], extraBytes: SIZE };
  assert.equal(bench.failure?.code, code);
  return refused;
};

/** Parts that Chromium sends at once to one origin over HTTP/1.1. */
const LANES = 6;

/** Of the sparse file: so many bytes that they would show in the heap if they were kept. */
const ENOUGH = 256 * MIB;

/** The same file, by content. */
const remade = async (file: MadeFile): Promise<MadeFile> => {
  const bytes = await readFile(file.path);
  return { ...file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
};

laboratory('D · the file', ({ scenario }) => {
  scenario('D1', async (bench) => {
    const { file } = await midway(bench);
    await appendFile(file.path, 'more');
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    return refusedOrAsChosen(bench, file, CHANGED);
  });

  scenario('D2', async (bench) => {
    const { file } = await midway(bench);
    const before = bench.dataRequests().length;
    await truncate(file.path, MIB);
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    assert.equal(bench.failure?.code, CHANGED);
    if (HAS_DEVTOOLS) assert.ok(bench.dataRequests().length <= before + 6, 'within one part of each lane');
    return refused;
  });

  scenario('D3', async (bench) => {
    const { file } = await midway(bench);
    const { atime, mtime } = await stat(file.path);
    await writeFile(file.path, Buffer.alloc(SIZE, 7));
    await utimes(file.path, atime, mtime);
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    assert.ok([CHANGED, 'source-changed'].includes(bench.failure?.code ?? ''), bench.failure?.code);
    return refused;
  });

  scenario('D4', async (bench) => {
    const { tab, file } = await midway(bench);
    const healthy = await bench.files.make('healthy.bin', 4 * PART);
    await tab.choose(healthy.path);
    await unlink(file.path);
    bench.proxy.heal();
    await bench.ended(2, PATIENCE_MS);
    const expected = refusedOrAsChosen(bench, file, 'source-unreadable');
    return { ...expected, stored: [...expected.stored, healthy] };
  });

  scenario('D5', async (bench) => {
    const browser = await OwnBrowser.start(bench, { obeysPermissions: true });
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const file = await bench.files.make('file.bin', SIZE);
    const tab = await browser.open(bench);
    await tab.choose(file.path);
    await bench.parts(6);
    await chmod(file.path, 0);
    bench.proxy.heal();
    await bench.ended();
    assert.ok(['source-unreadable', 'source-changed'].includes(bench.failure?.code ?? ''));
    await chmod(file.path, 0o600);
    await tab.choose(file.path);
    await bench.recorder.until('the end', (events) => events.some(({ name }) => name === 'upload-complete'));
    return { stored: [file], extraBytes: 12 * PART };
  });

  scenario('D6', async (bench) => {
    const { tab, file } = await midway(bench);
    await utimes(file.path, new Date(), new Date(Date.now() + 5_000));
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    const expected = refusedOrAsChosen(bench, file, CHANGED);
    if (expected !== refused) return expected;
    const before = new Set(bench.dataRequests().flatMap(({ part, status }) => (status === 200 ? (part ?? []) : [])));
    const sent = bench.dataRequests().length;
    await tab.choose(file.path);
    await bench.recorder.until('the end', (events) => events.some(({ name }) => name === 'upload-complete'));
    const again = bench
      .dataRequests()
      .slice(sent)
      .filter(({ part }) => before.has(part ?? 0));
    assert.deepEqual(again, [], 'confirmed parts were kept');
    return { stored: [file], extraBytes: 12 * PART };
  });

  const REPLACEMENTS = [
    { id: 'D7', content: () => Buffer.alloc(SIZE + 1, 1) },
    { id: 'D8', content: () => Buffer.alloc(SIZE, 1) },
  ] as const;
  for (const { id, content } of REPLACEMENTS) {
    scenario(id, async (bench) => {
      const { tab, file } = await midway(bench);
      await tab.reload();
      bench.proxy.heal();
      await tab.found();
      const { mtime } = await stat(file.path);
      await writeFile(file.path, content());
      await utimes(file.path, mtime, mtime);
      const other = await remade(file);
      await tab.choose(file.path);
      await bench.ended();
      const [waiting, fresh] = await tab.uploads();
      assert.equal(waiting?.reason, 'needs-file', 'the first still waits for its own file');
      assert.equal(fresh?.state, 'done', 'the other is an upload of its own');
      // The first may still be stored under its name.
      return { stored: [{ ...other, name: 'file (2).bin' }], extraBytes: SIZE, unfinished: 1 };
    });
  }

  scenario('D9', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { tab, file } = await bench.begin(SIZE, 'drive/file.bin');
    await bench.parts(6);
    const drive = dirname(file.path);
    await rename(drive, `${drive}-gone`);
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    const expected = refusedOrAsChosen(bench, file, 'source-unreadable');
    if (expected !== refused) return expected;
    await rename(`${drive}-gone`, drive);
    await tab.act('retry');
    await bench.recorder.until('the end', (events) => events.some(({ name }) => name === 'upload-complete'));
    return { stored: [file], extraBytes: 12 * PART };
  });

  scenario(
    'D10',
    async (bench) => {
      const path = join(bench.files.folder, 'sparse.bin');
      const sparse = await open(path, 'w');
      await sparse.truncate(8 * 1024 * MIB);
      await sparse.close();
      const tab = await bench.open();
      const heap = async (): Promise<number> => {
        await tab.cdp.send('HeapProfiler.collectGarbage');
        const { usedSize, backingStorageSize = 0 } = (await tab.cdp.send('Runtime.getHeapUsage')) as {
          usedSize: number;
          backingStorageSize?: number;
        };
        return usedSize + backingStorageSize;
      };
      const confirmed = (): number =>
        Math.max(0, ...bench.recorder.events.map(({ upload }) => upload?.confirmedBytes ?? 0));
      const before = await heap();
      await tab.choose(path);
      await bench.recorder.until('a quarter of a gigabyte', () => confirmed() >= ENOUGH);
      const growth = (await heap()) - before;
      await tab.act('cancel');
      await bench.ended();
      const largest = Math.max(...bench.dataRequests().map(({ bytes }) => bytes));
      const figures = `${confirmed()} bytes were confirmed, in parts of at most ${largest}`;
      assert.ok(growth < ENOUGH / 32, `the heap grew by ${growth} bytes while ${figures}`);
      bench.report(`the heap grew by ${Math.round(growth / KIB)} KiB`);
      // How large parts become depends on the line, which here is as fast as the machine.
      return { stored: [], extraBytes: confirmed() + LANES * largest };
    },
    { attributes: { 'part-size': 'auto' } },
  );

  scenario(
    'D11',
    async (bench) => {
      const root = join(bench.files.folder, 'tree');
      const deep = join(root, ...Array.from({ length: 30 }, (_, index) => `d${index}`));
      await mkdir(deep, { recursive: true });
      await symlink(root, join(deep, 'loop'));
      await writeFile(join(deep, 'deepest.txt'), 'deep');
      for (let index = 0; index < 10_000; index++) await writeFile(join(root, `${index}.txt`), String(index));
      const tab = await bench.open();
      await tab.drop(root);
      await bench.recorder.until(
        'refusals',
        (events) => events.filter(({ name }) => name === 'upload-rejected').length >= 9_500,
        60_000,
      );
      assert.equal((await tab.uploads()).length, 500);
      const startedAt = Date.now();
      await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      bench.report(`a frame after ${Date.now() - startedAt} ms`);
      return { stored: [], unfinished: 500 };
    },
    { attributes: { 'max-files': '500', 'no-auto': '' } },
  );

  scenario('D12', async (bench) => {
    const { file } = await midway(bench);
    const writer = new AbortController();
    const writing = (async () => {
      while (!writer.signal.aborted) {
        await appendFile(file.path, 'x');
        await delay(50);
      }
    })();
    bench.proxy.heal();
    await bench.ended(1, PATIENCE_MS);
    writer.abort();
    await writing;
    return refusedOrAsChosen(bench, file, CHANGED);
  });
});
