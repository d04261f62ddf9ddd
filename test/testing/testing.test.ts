import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  addFiles,
  FAULT_NAMES,
  startBackend,
  type TestBackend,
  uploadsOf,
  waitForUploads,
} from '../../src/testing/index.js';
import { type FrameworkPage, openFrameworkPage } from '../frameworks/framework-page.js';

const MIB = 1024 * 1024;

describe('the test kit', () => {
  let backend: TestBackend;
  let application: FrameworkPage;

  before(async () => {
    backend = await startBackend();
    application = await openFrameworkPage('../testing/upload-page.ts');
    await application.page.evaluate((endpoint) => {
      document.querySelector('fastio-upload')?.setAttribute('endpoint', endpoint);
    }, backend.endpoint);
  });

  afterEach(async () => {
    await application.page.evaluate(() => {
      const element = document.querySelector('fastio-upload');
      for (const { id } of element?.uploads ?? []) element?.remove(id);
    });
    await backend.clear();
  });

  after(async () => {
    await application?.close();
    await backend?.close();
  });

  it('stores files of a page of another loopback origin', async () => {
    await addFiles(application.page, [
      { name: 'a.txt', size: 5, type: 'text/plain' },
      { name: 'empty.txt', size: 0 },
    ]);
    const uploads = await waitForUploads(application.page);
    assert.deepEqual(uploads.map(({ name, state }) => [name, state]).sort(), [
      ['a.txt', 'done'],
      ['empty.txt', 'done'],
    ]);
    assert.deepEqual(
      backend
        .files()
        .map(({ name, size }) => [name, size])
        .sort(),
      [
        ['a.txt', 5],
        ['empty.txt', 0],
      ],
    );
  });

  for (const name of FAULT_NAMES.filter((fault) => fault !== 'offline')) {
    it(`stores files under ${name}, too`, async () => {
      backend.faults(name);
      await addFiles(application.page, [{ name: `${name}.bin`, size: MIB }]);
      await waitForUploads(application.page);
      assert.deepEqual(
        backend.files().map((file) => [file.name, file.size]),
        [[`${name}.bin`, MIB]],
      );
    });
  }

  it('keeps files waiting while it is offline', async () => {
    backend.faults('offline');
    await addFiles(application.page, [{ name: 'later.txt' }]);
    await application.page.waitForFunction(
      () => document.querySelector('fastio-upload')?.uploads[0]?.state === 'waiting',
    );
    assert.deepEqual(backend.files(), []);
    await assert.rejects(waitForUploads(application.page, { timeoutMs: 1 }), /Not over after 1 ms: later\.txt waiting/);
    backend.faults();
    await waitForUploads(application.page);
    assert.equal(backend.files().length, 1);
  });

  it('says which element is missing, and sees nothing in it', async () => {
    await assert.rejects(addFiles(application.page, [], '#none'), /There is no #none in the page/);
    assert.deepEqual(await uploadsOf(application.page, '#none'), []);
  });
});
