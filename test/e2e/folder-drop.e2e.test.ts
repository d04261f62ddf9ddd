import { after, describe, it } from 'node:test';
import { HAS_DEVTOOLS } from '../support/browsers/browser-name.js';
import { openStage } from './support/stage.js';
import { dropWideTree } from './support/wide-tree.js';

const { demo, browser, files, close } = await openStage();
after(close);

describe('a dropped folder', () => {
  it('is read to the end and stored with its paths', { skip: !HAS_DEVTOOLS && 'only DevTools can drop a folder' }, () =>
    dropWideTree({ demo, browser, files, protocol: 'presigned', shape: { inOneFolder: 220, folders: 7 } }),
  );
});
