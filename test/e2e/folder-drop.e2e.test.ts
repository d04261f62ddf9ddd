import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { IS_FIREFOX, TestBrowser } from './support/demo-page.js';
import { DemoProcess } from './support/demo-process.js';
import { type MadeFile, MadeFiles } from './support/made-files.js';
import { assertSameFiles } from './support/same-files.js';

/** Chromium tells a folder's entries 100 at a time; careless readers stop after the first hundred. */
const IN_ONE_FOLDER = 300;
const FOLDERS = 70;
const IN_EACH_FOLDER = 10;

let demo: DemoProcess;
let browser: TestBrowser;
let files: MadeFiles;

before(async () => {
  [demo, browser, files] = await Promise.all([DemoProcess.start(), TestBrowser.start(), MadeFiles.in()]);
});
after(async () => {
  await Promise.all([demo.close(), browser.close(), files.close()]);
});

const makeTree = async (): Promise<MadeFile[]> => {
  const names = Array.from({ length: IN_ONE_FOLDER }, (_, index) => `tree/wide/file-${index}.bin`);
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    for (let index = 0; index < IN_EACH_FOLDER; index += 1)
      names.push(`tree/deep/${folder % 7}/${folder}/file-${folder}-${index}.bin`);
  }
  const made: MadeFile[] = [];
  for (const [index, name] of names.entries()) made.push(await files.make(name, 100 + index));
  return made;
};

describe('a dropped folder', () => {
  it('is read to the end and stored with its paths', { skip: IS_FIREFOX && 'only CDP can drop a folder' }, async () => {
    const made = await makeTree();
    const page = await browser.open(demo.url, 'auto');
    await page.drop(join(files.folder, 'tree'));

    const uploads = await page.settled(made.length, 110_000);

    assert.equal(uploads.length, 1000);
    const stored = await demo.files();
    assertSameFiles(stored, made);
    assert.deepEqual(stored.map(({ relativePath }) => relativePath).sort(), made.map(({ name }) => name).sort());
    assert.deepEqual(page.errors, []);
  });
});
