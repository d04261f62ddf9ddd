import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRecords } from '../src/browser-records.js';
import { createPageRecords } from '../src/page-records.js';
import { isUploadError } from '../src/ports/errors.js';

describe('records of a page', () => {
  it('are those of the platform once their code is there', async () => {
    const { store, locks } = createPageRecords();
    assert.equal(locks.isHeldHere('one'), false);
    const hold = await locks.tryHold('one');
    assert.equal(locks.isHeldHere('one'), true);
    assert.equal(await createPageRecords().locks.tryHold('one'), null);
    hold?.release();
    assert.deepEqual(await store.load('scope'), []);
  });

  it('say that nothing is kept where their code does not come, and hold up no upload', async () => {
    const { store, locks } = createPageRecords(() => Promise.reject(new TypeError('Failed to fetch')));
    await assert.rejects(store.put([]), (error) => isUploadError(error) && error.code === 'storage');
    assert.notEqual(await locks.tryHold('two'), null);
  });

  it('stay away when their code could come after all, because nothing is locked by then', async () => {
    let attempts = 0;
    const { store } = createPageRecords(async () => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('Failed to fetch');
      return createRecords();
    });
    await assert.rejects(store.load('scope'));
    await assert.rejects(store.load('scope'));
    assert.equal(attempts, 1);
  });
});
