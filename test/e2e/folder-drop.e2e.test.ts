import { after, before, describe, it } from 'node:test';
import { HAS_DEVTOOLS } from '../support/browsers/browser-name.js';
import { TestBrowser } from './support/demo-page.js';
import { DemoProcess } from './support/demo-process.js';
import { MadeFiles } from './support/made-files.js';
import { dropWideTree } from './support/wide-tree.js';

let demo: DemoProcess;
let browser: TestBrowser;
let files: MadeFiles;

before(async () => {
  [demo, browser, files] = await Promise.all([DemoProcess.start(), TestBrowser.start(), MadeFiles.in()]);
});
after(async () => {
  await Promise.all([demo.close(), browser.close(), files.close()]);
});

describe('a dropped folder', () => {
  it('is read to the end and stored with its paths', { skip: !HAS_DEVTOOLS && 'only DevTools can drop a folder' }, () =>
    dropWideTree({ demo, browser, files, protocol: 'presigned' }),
  );
});
