/** What takes minutes: a file that no memory should have to hold, with the page's cost measured, and many sessions. */

import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import type { DemoProtocol } from '../e2e/support/demo-page.js';
import { assertSameFiles } from '../e2e/support/same-files.js';
import { openStage } from '../e2e/support/stage.js';
import { dropWideTree } from '../e2e/support/wide-tree.js';
import { meterPage } from './page-meter.js';

const MIB = 2 ** 20;
const SIZE = 1024 * MIB;
const HEAP_GROWTH = 16 * MIB;
const MAX_TASK_MS = 100;
const TIMEOUT_MS = 600_000;

const PROTOCOLS: readonly DemoProtocol[] = ['presigned', 'chunked'];

const { demo, browser, files, close } = await openStage();
after(close);
const gigabyte = await files.make('gigabyte.bin', SIZE);
beforeEach(() => demo.clear());

describe('a file of 1 GiB', () => {
  for (const protocol of PROTOCOLS) {
    it(`goes through ${protocol} whole, without weight on the page`, async (t) => {
      const page = await browser.open(demo.url, protocol);
      const stop = await meterPage(page.page);
      await page.choose(gigabyte.path);

      await page.settled(1, TIMEOUT_MS);

      const cost = await stop();
      const heap = `heap + ${(cost.heapGrowth / MIB).toFixed(1)} MiB`;
      t.diagnostic(
        `${heap}, longest task ${cost.longestTaskMs.toFixed(0)} ms (${cost.longestWallMs.toFixed(0)} ms on the wall)`,
      );
      assertSameFiles(await demo.files(), [gigabyte]);
      assert.ok(cost.heapGrowth <= HEAP_GROWTH, `the heap grew by ${cost.heapGrowth} bytes`);
      assert.ok(cost.longestTaskMs <= MAX_TASK_MS, `a task took ${cost.longestTaskMs} ms`);
      assert.deepEqual(await page.errors(), []);
      await page.close();
    });
  }

  it('goes on after a reload without sending a confirmed part again', async () => {
    const page = await browser.open(demo.url, 'chunked');
    await page.choose(gigabyte.path);
    await page.confirmed(0.4, TIMEOUT_MS);
    await page.reload();
    await page.waiting('needs-file');
    const [restored] = await page.uploads();
    assert.equal(restored?.reason, 'needs-file');
    const confirmedBefore = restored.confirmedBytes;
    assert.ok(confirmedBefore >= 0.35 * SIZE, `${confirmedBefore} bytes survived the reload`);
    await page.choose(gigabyte.path);

    await page.settled(1, TIMEOUT_MS);

    assertSameFiles(await demo.files(), [gigabyte]);
    const parts = (await demo.log()).filter(({ part, status }) => part !== null && status === 200);
    const numbers = parts.map(({ part }) => part);
    assert.equal(numbers.length, new Set(numbers).size, 'each part was accepted once');
    const inits = (await demo.log()).filter(({ path }) => path.endsWith('/init'));
    assert.equal(inits.length, 1, 'one session');
    await page.close();
  });
});

describe('a dropped folder of a thousand files', () => {
  it('goes through chunked whole', () =>
    dropWideTree({ demo, browser, files, protocol: 'chunked', shape: { inOneFolder: 300, folders: 70 } }));
});
