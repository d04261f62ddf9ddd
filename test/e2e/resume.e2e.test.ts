import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { BrowserQuestions } from './support/browser-questions.js';
import { type DemoPage, IS_FIREFOX, TestBrowser } from './support/demo-page.js';
import { DemoProcess } from './support/demo-process.js';
import { type MadeFile, MadeFiles } from './support/made-files.js';
import { assertSameFiles } from './support/same-files.js';

const MIB = 2 ** 20;
/** Confirmed before the page dies. */
const PARTS = 3;

let demo: DemoProcess;

before(async () => {
  demo = await DemoProcess.start();
});
after(() => demo.close());

/** The button that goes on: in the row of a single upload, over the list of several. */
const goOn = async ({ page }: DemoPage): Promise<void> => {
  const button = await page.waitForSelector('fastio-upload >>> [data-action^=continue]');
  await button?.click();
};

describe('a dropped file whose page is gone', { skip: IS_FIREFOX && 'only Chromium gives handles' }, () => {
  let browser: TestBrowser;
  let files: MadeFiles;

  beforeEach(async () => {
    [browser, files] = await Promise.all([TestBrowser.start(BrowserQuestions.FLAGS), MadeFiles.in()]);
  });
  afterEach(async () => {
    await demo.clear();
    await Promise.all([browser.close(), files.close()]);
  });

  /** Drops files of which the storage answers for `PARTS` parts and for none after them. */
  const dropAndStop = async (...sizes: readonly number[]): Promise<readonly MadeFile[]> => {
    const rule = { match: { method: 'PUT', path: '/parts$' }, after: PARTS, action: { type: 'swallow' } } as const;
    await demo.faults({ rules: [rule] });
    const made = await Promise.all(sizes.map((size, index) => files.make(`big-${index}.bin`, size)));
    const page = await browser.openOwn(demo.url, 'chunked');
    await page.drop(...made.map(({ path }) => path));
    await page.recorded(PARTS);
    return made;
  };

  it('goes on after a crash of the browser with one click and the permission of the user', async () => {
    const made = await dropAndStop(32 * MIB);
    await browser.crash();
    await demo.faults({ rules: [] });

    const page = await browser.openOwn(demo.url, 'chunked');
    await page.waiting('needs-permission');
    const [found] = await page.uploads();
    await goOn(page);
    await (await browser.questions()).allow();
    const [upload] = await page.settled(1);

    assert.ok((found?.confirmedBytes ?? 0) > 0, 'it goes on from what was confirmed');
    assert.equal(upload?.state, 'done');
    assertSameFiles(await demo.files(), made);
    assert.deepEqual(page.errors, []);
  });
});
