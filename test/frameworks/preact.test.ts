import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type FrameworkPage, openFrameworkPage } from './framework-page.js';
import type { PreactWindow } from './preact-page.js';

describe('the raw tag in Preact', () => {
  let application: FrameworkPage;

  before(async () => {
    application = await openFrameworkPage('preact-page.ts');
  });

  after(() => application?.close());

  it('gets properties of every kind, and keeps what a later rendering sets', async () => {
    const set = await application.page.evaluate(() => {
      const { disabled, noResume, maxFiles, headers, engine } = (window as unknown as PreactWindow).page.find();
      return { disabled, noResume, maxFiles, headers, endpoint: engine.options.endpoint };
    });
    const { endpoint, ...others } = set;
    assert.deepEqual(others, { disabled: false, noResume: true, maxFiles: 2, headers: { 'X-Tenant': 'ada' } });
    assert.match(endpoint, /\/grants$/);
  });

  it('tells its listeners what is stored', async () => {
    const heard = await application.page.evaluate(async () => {
      const { page } = window as unknown as PreactWindow;
      const element = page.find();
      const done = new Promise((resolve) => element.addEventListener('upload-complete', resolve, { once: true }));
      element.addFiles([new File(['hello'], 'hello.txt')]);
      await done;
      return page.heard;
    });
    assert.deepEqual(heard, ['stored']);
  });
});
