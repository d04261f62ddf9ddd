/** The browser is killed in the middle of 1,500 parts: no part that the page knew as stored is sent again. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { S3_PROVIDERS } from '../../src/server/s3.js';
import { BrowserQuestions } from '../e2e/support/browser-questions.js';
import { TestBrowser } from '../e2e/support/demo-page.js';
import { MadeFiles } from '../e2e/support/made-files.js';
import { insideElement } from '../support/browsers/inside-element.js';
import { useRgw } from './support/bucket.js';
import { startNodeGateway, startSite } from './support/site.js';
import { startStorageProxy } from './support/storage-proxy.js';

const KIB = 2 ** 10;
const PART_SIZE = 64 * KIB;
const PARTS = 1500;
const TIMEOUT_MS = 240_000;
/** Requests that a browser can have under way to one HTTP/1.1 server: what they brought, the page has not heard. */
const IN_FLIGHT = 6;

describe('A file of 1,500 parts whose browser is killed in the middle', () => {
  const rgw = useRgw({ minPartSize: PART_SIZE });
  const closing: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('goes on, sends no confirmed part twice, and is stored byte by byte', async (t) => {
    const bucket = await rgw.makeBucket();
    const proxy = await startStorageProxy(rgw.url());
    const gateway = await startNodeGateway({
      s3: {
        ...bucket.options,
        endpoint: proxy.url,
        provider: { ...S3_PROVIDERS.ceph, minPartSize: PART_SIZE, maxPartSize: PART_SIZE },
      },
      ticketSecret: 'a secret of more than thirty-two bytes',
      basePath: '/api/s3',
    });
    const demo = await startSite(gateway);
    const [browser, files] = await Promise.all([TestBrowser.start(BrowserQuestions.FLAGS), MadeFiles.begin()]);
    closing.push(
      proxy.close,
      demo.close,
      () => files.close(),
      () => browser.close(),
    );

    const file = await files.make('many-parts.bin', PARTS * PART_SIZE);
    const page = await browser.openOwn(demo.url, 's3');
    await page.drop(file.path);
    await page.confirmed(0.5, TIMEOUT_MS);
    await browser.crash();
    const before = proxy.storedParts();

    const next = await browser.openOwn(demo.url, 's3');
    await next.waiting('needs-permission');
    const button = await insideElement(next.page, '[data-action^=continue]');
    await button.click();
    await (await browser.questions()).allow();
    await next.settled(1, TIMEOUT_MS);

    const [key = ''] = await bucket.keys();
    assert.equal(await bucket.digest(key), file.sha256);
    const stored = proxy.storedParts();
    const twice = [...stored].filter(([number, times]) => times > 1 && before.has(number));
    t.diagnostic(`${before.size} of ${stored.size} parts were stored when it was killed; ${twice.length} went twice`);
    // Answers that were on their way to the killed page were not seen here either; the digest tells that all is there.
    assert.ok(PARTS - stored.size <= IN_FLIGHT, `${stored.size} parts were stored`);
    assert.ok(before.size >= PARTS / 2, 'half of them were stored before');
    assert.ok(twice.length <= IN_FLIGHT, `${twice.length} parts were sent twice`);
    assert.deepEqual(await bucket.unfinished(), []);
    assert.deepEqual(await next.errors(), []);
  });
});
