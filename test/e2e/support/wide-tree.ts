/** A tree of small files below `tree`, with a folder that holds more than a reader gives at a time. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DemoProtocol, TestBrowser } from './demo-page.js';
import type { DemoProcess } from './demo-process.js';
import type { MadeFile, MadeFiles } from './made-files.js';
import { assertSameFiles } from './same-files.js';

export interface Shape {
  /** Chromium tells a folder's entries 100 at a time; careless readers stop after the first hundred. */
  readonly inOneFolder: number;
  /** Further folders, spread over seven parents. */
  readonly folders: number;
}

const IN_EACH_FOLDER = 10;

const makeWideTree = async (files: MadeFiles, { inOneFolder, folders }: Shape): Promise<MadeFile[]> => {
  const names = Array.from({ length: inOneFolder }, (_, index) => `tree/wide/file-${index}.bin`);
  for (let folder = 0; folder < folders; folder += 1) {
    for (let index = 0; index < IN_EACH_FOLDER; index += 1)
      names.push(`tree/deep/${folder % 7}/${folder}/file-${folder}-${index}.bin`);
  }
  const made: MadeFile[] = [];
  for (const [index, name] of names.entries()) made.push(await files.make(name, 100 + index));
  return made;
};

interface Drop {
  readonly demo: DemoProcess;
  readonly browser: TestBrowser;
  readonly files: MadeFiles;
  readonly protocol: DemoProtocol;
  readonly shape: Shape;
}

/** Drops the tree on the demo's page; all of it is stored, with its paths. */
export const dropWideTree = async ({ demo, browser, files, protocol, shape }: Drop): Promise<void> => {
  const made = await makeWideTree(files, shape);
  const page = await browser.open(demo.url, protocol);
  try {
    await page.drop(join(files.folder, 'tree'));
    const uploads = await page.settled(made.length, 900_000);
    assert.equal(uploads.length, made.length);
    const stored = await demo.files();
    assertSameFiles(stored, made);
    assert.deepEqual(stored.map(({ relativePath }) => relativePath).sort(), made.map(({ name }) => name).sort());
    assert.deepEqual(await page.errors(), []);
  } finally {
    await page.close();
  }
};
