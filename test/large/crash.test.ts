/** The whole browser is killed in the middle of a file that is sent for minutes: what that costs the user, and the wire. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { BrowserQuestions } from '../e2e/support/browser-questions.js';
import type { DemoPage } from '../e2e/support/demo-page.js';
import { assertSameFiles } from '../e2e/support/same-files.js';
import { openStage } from '../e2e/support/stage.js';
import { insideElement } from '../support/browsers/inside-element.js';

const MIB = 2 ** 20;
const SIZE = 2048 * MIB;
const LANES = 6;
const DATABASE_BYTES = 1_000_000;
const TIMEOUT_MS = 900_000;

const { demo, browser, files, close } = await openStage(BrowserQuestions.FLAGS);
after(close);

/** What the site's database takes on the disk, as Chromium counts it. */
const databaseBytes = ({ page }: DemoPage): Promise<number> =>
  page.evaluate(async () => {
    const { usageDetails } = (await navigator.storage.estimate()) as { usageDetails?: { indexedDB?: number } };
    return usageDetails?.indexedDB ?? 0;
  });

describe('a dropped file of 2 GiB whose browser is killed at 40 %', () => {
  it('goes on after one click, and hardly a byte is sent twice', async (t) => {
    const file = await files.make('two-gibibytes.bin', SIZE);
    const page = await browser.openOwn(demo.url, 'chunked');
    await page.drop(file.path);
    await page.confirmed(0.4, TIMEOUT_MS);
    const before = await databaseBytes(page);
    await browser.crash();

    const next = await browser.openOwn(demo.url, 'chunked');
    await next.waiting('needs-permission');
    const [found] = await next.uploads();
    const button = await insideElement(next.page, '[data-action^=continue]');
    await button.click();
    await (await browser.questions()).allow();
    await next.settled(1, TIMEOUT_MS);

    assertSameFiles(await demo.files(), [file]);
    const log = await demo.log();
    assert.equal(log.filter(({ path }) => path.endsWith('/init')).length, 1, 'one session');
    const parts = log.filter(({ method, part }) => method === 'PUT' && part !== null);
    const sent = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const partSize = Math.max(...parts.map(({ bytes }) => bytes));
    const most = SIZE * 1.01 + LANES * partSize;
    t.diagnostic(
      `${((found?.confirmedBytes ?? 0) / SIZE).toFixed(2)} of it survived; ${((sent / SIZE - 1) * 100).toFixed(2)} % ` +
        `of the bytes went twice; the database took ${(before / 1000).toFixed(0)} kB`,
    );
    assert.ok(sent <= most, `${sent} bytes were sent where ${most} are allowed`);
    assert.ok(before > 0 && before <= DATABASE_BYTES, `the database took ${before} bytes`);
    assert.ok((found?.confirmedBytes ?? 0) >= 0.35 * SIZE, 'what was confirmed survived');
    assert.deepEqual(await next.errors(), []);
  });
});
