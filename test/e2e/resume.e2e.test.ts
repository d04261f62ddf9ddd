import assert from 'node:assert/strict';
import { unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { HAS_DEVTOOLS } from '../support/browsers/browser-name.js';
import { insideElement } from '../support/browsers/inside-element.js';
import { BrowserQuestions } from './support/browser-questions.js';
import { type DemoPage, TestBrowser } from './support/demo-page.js';
import { DemoProcess } from './support/demo-process.js';
import { type MadeFile, MadeFiles } from './support/made-files.js';
import { assertSameFiles } from './support/same-files.js';

const SIZE = 24 * 2 ** 20;
/** Confirmed before the page dies. */
const PARTS = 3;

interface Dropped {
  readonly made: readonly MadeFile[];
  readonly page: DemoPage;
}

let demo: DemoProcess;

before(async () => {
  demo = await DemoProcess.start();
});
after(() => demo.close());

/** The button that goes on: in the row of a single upload, over the list of several. */
const goOn = async ({ page }: DemoPage): Promise<void> => {
  const button = await insideElement(page, '[data-action^=continue]');
  await button.click();
};

describe('a dropped file whose page is gone', { skip: !HAS_DEVTOOLS && 'only Chromium gives handles' }, () => {
  let browser: TestBrowser;
  let files: MadeFiles;

  beforeEach(async () => {
    [browser, files] = await Promise.all([TestBrowser.start(BrowserQuestions.FLAGS), MadeFiles.begin()]);
  });
  afterEach(async () => {
    await demo.clear();
    await Promise.all([browser.close(), files.close()]);
  });

  const open = (): Promise<DemoPage> => browser.openOwn(demo.url, 'chunked');

  /** Drops files of which the storage takes `PARTS` parts and none after them. */
  const dropAndStop = async (names: readonly string[], dropped = names): Promise<Dropped> => {
    const rule = {
      match: { method: 'PUT', path: '/parts$' },
      after: PARTS,
      action: { type: 'status', status: 503 },
    } as const;
    await demo.faults({ rules: [rule] });
    const made: MadeFile[] = [];
    for (const name of names) made.push(await files.make(name, SIZE));
    const page = await open();
    await page.drop(...dropped.map((name) => join(files.folder, name)));
    await page.recorded(PARTS);
    return { made, page };
  };

  /** Yes to every question; Chromium asks for all files at once, or for each. */
  const allowAll = async (page: DemoPage): Promise<void> => {
    const questions = await browser.questions();
    while ((await page.uploads()).some(({ reason }) => reason === 'needs-permission')) {
      if (await questions.isAsking()) await questions.allow();
      else await delay(100);
    }
  };

  const partsSent = async () =>
    (await demo.log()).filter(({ method, part, status }) => method === 'PUT' && part !== null && status === 200);

  it('goes on after a crash of the browser with one click and the permission of the user', async () => {
    const { made } = await dropAndStop(['big.bin']);
    await browser.crash();
    await demo.faults({ rules: [] });
    const page = await open();
    await page.waiting('needs-permission');
    const [found] = await page.uploads();
    await goOn(page);
    await (await browser.questions()).allow();
    const [upload] = await page.settled(1);

    assert.equal(found?.parts?.confirmed, PARTS, 'it goes on from what was confirmed');
    assert.equal(upload?.state, 'done');
    assertSameFiles(await demo.files(), made);
    const sent = await partsSent();
    assert.equal(sent.length, new Set(sent.map(({ part }) => part)).size, 'no part went twice');
    assert.deepEqual(await page.errors(), []);
  });

  it('is one of several, of folders and not, and one click brings all of them back', async () => {
    const names = ['one.bin', 'two.bin', 'folder/three.bin', 'folder/deep/four.bin'];
    const { made, page } = await dropAndStop(names, ['one.bin', 'two.bin', 'folder']);
    await page.reload();
    await page.waiting('needs-permission', names.length);
    await demo.faults({ rules: [] });
    await goOn(page);
    await allowAll(page);
    await page.settled(names.length);

    assertSameFiles(await demo.files(), made);
    assert.deepEqual((await demo.files()).map(({ relativePath }) => relativePath).sort(), [...names].sort());
  });

  it('asks to be chosen again when the user refuses, and takes the file from there', async () => {
    const { made } = await dropAndStop(['big.bin']);
    await browser.crash();
    await demo.faults({ rules: [] });
    const page = await open();
    await page.waiting('needs-permission');
    await goOn(page);
    await (await browser.questions()).refuse();
    await page.waiting('needs-file');
    await page.choose(...made.map(({ path }) => path));
    await page.settled(1);

    assertSameFiles(await demo.files(), made);
  });

  it('was only touched while it was sent, and goes on by itself', async () => {
    const { made, page } = await dropAndStop(['big.bin']);
    await utimes(join(files.folder, 'big.bin'), new Date(), new Date(Date.now() + 60_000));
    await demo.faults({ rules: [] });
    const [upload] = await page.settled(1);

    assert.equal(upload?.state, 'done');
    assertSameFiles(await demo.files(), made);
  });

  it('has other content meanwhile, and ends as changed', async () => {
    const { page } = await dropAndStop(['big.bin']);
    await files.make('big.bin', SIZE);
    await demo.faults({ rules: [] });
    const [upload] = await page.settled(1);

    assert.equal(upload?.error?.code, 'source-changed');
    assert.deepEqual(await demo.files(), []);
  });

  it('is gone meanwhile, and ends as unreadable', async () => {
    const { page } = await dropAndStop(['big.bin']);
    await unlink(join(files.folder, 'big.bin'));
    await demo.faults({ rules: [] });
    const [upload] = await page.settled(1);

    assert.equal(upload?.error?.code, 'source-unreadable');
  });
});
