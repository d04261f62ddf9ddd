import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Store, UploadEngine, type UploadRecord } from '../src/preset.js';
import { file, recordOf } from './engine/records/restored.js';

describe('a store of the page', () => {
  it('may hold records that have expired, which the engine deletes, and those of other versions, which it leaves', async () => {
    const expiresAt = Date.now() + 60_000;
    const good: UploadRecord = { ...(await recordOf(file)), id: 'good', expiresAt };
    const { receipts: _, ...unreadable } = { ...good, id: 'other version' };
    const records = [good, unreadable as UploadRecord, { ...good, id: 'old', expiresAt: 1 }];
    const deleted: string[] = [];
    const store: Store = {
      load: async () => records,
      get: async () => null,
      put: async () => {},
      delete: async (ids) => void deleted.push(...ids),
    };
    const engine = new UploadEngine({ endpoint: 'https://app.test/uploads' }, { store });

    assert.deepEqual(
      (await engine.restore()).map(({ id }) => id),
      ['good'],
    );
    assert.deepEqual(deleted, ['old']);
  });
});
