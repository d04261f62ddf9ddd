/** What every store must do; run by the tests of each. */

import { expect } from '@open-wc/testing';
import type { Store, UploadRecord } from '../../src/ports/store.js';

const DAY_MS = 86_400_000;
/** The date on which the contract is tested. */
export const NOW = Date.UTC(2030, 0, 1);

/** A record that is good on that date. */
export const recordOf = (changes: Partial<UploadRecord> = {}): UploadRecord => ({
  id: crypto.randomUUID(),
  scope: 'https://example.test/uploads',
  name: 'a#?%“🎉”.bin',
  size: 1000,
  type: 'application/octet-stream',
  lastModified: NOW - DAY_MS,
  relativePath: 'folder/a.bin',
  fingerprint: 'ab12',
  handle: null,
  protocol: 'chunked',
  session: { uploadId: 'u1' },
  partSize: 100,
  receipts: [{ number: 1, size: 100, etag: 'e1' }],
  pausedByUser: false,
  createdAt: NOW,
  updatedAt: NOW,
  expiresAt: NOW + DAY_MS,
  ...changes,
});

export interface StoreVariant {
  /** A store that is empty, whose date is what `wallNow` says. */
  create(wallNow: () => number): Store;
}

export const describeStore = (name: string, { create }: StoreVariant): void => {
  describe(`${name}, as every store`, () => {
    let now = NOW;
    let store: Store;

    beforeEach(() => {
      now = NOW;
      store = create(() => now);
    });

    const idsOf = async (scope: string) => (await store.load(scope)).map(({ id }) => id).sort();

    it('is empty at first', async () => {
      expect(await store.load(recordOf().scope)).to.deep.equal([]);
    });

    it('gives a record back as it was put', async () => {
      const record = recordOf();
      await store.put([record]);
      expect(await store.get(record.id)).to.deep.equal(record);
      expect(await store.load(record.scope)).to.deep.equal([record]);
    });

    it('keeps a record of an upload that was not opened yet', async () => {
      const record = recordOf({ protocol: null, session: null, partSize: null, fingerprint: null, receipts: [] });
      await store.put([record]);
      expect(await store.load(record.scope)).to.deep.equal([record]);
    });

    it('gives null for an id it does not know', async () => {
      expect(await store.get('no-such-upload')).to.equal(null);
    });

    it('puts many at once', async () => {
      const records = Array.from({ length: 500 }, () => recordOf());
      await store.put(records);
      expect(await idsOf(recordOf().scope)).to.deep.equal(records.map(({ id }) => id).sort());
    });

    it('puts all records or none', async () => {
      const good = recordOf();
      const bad = recordOf({ session: { clone: (() => 'me') as unknown as string } });
      expect(await store.put([good, bad]).catch(() => 'refused')).to.equal('refused');
      expect(await store.load(good.scope)).to.deep.equal([]);
    });

    it('accepts an empty list', async () => {
      await store.put([]);
      expect(await store.load(recordOf().scope)).to.deep.equal([]);
    });

    it('replaces a record of the same id', async () => {
      const record = recordOf();
      await store.put([record]);
      await store.put([{ ...record, pausedByUser: true }]);
      expect((await store.load(record.scope)).map(({ pausedByUser }) => pausedByUser)).to.deep.equal([true]);
    });

    it('keeps a copy, which changes of the original do not reach', async () => {
      const receipts = [{ number: 1, size: 100 }];
      const record = recordOf({ receipts });
      await store.put([record]);
      receipts.push({ number: 2, size: 100 });
      expect((await store.get(record.id))?.receipts).to.deep.equal([{ number: 1, size: 100 }]);
    });

    it('loads only the scope asked for', async () => {
      const mine = recordOf({ scope: 'mine' });
      await store.put([mine, recordOf({ scope: 'other' })]);
      expect(await idsOf('mine')).to.deep.equal([mine.id]);
    });

    it('deletes one record and keeps the others', async () => {
      const [gone, kept] = [recordOf(), recordOf()];
      await store.put([gone, kept]);
      await store.delete([gone.id]);
      expect(await store.get(gone.id)).to.equal(null);
      expect(await idsOf(kept.scope)).to.deep.equal([kept.id]);
    });

    it('deletes many at once', async () => {
      const records = Array.from({ length: 20 }, () => recordOf());
      await store.put(records);
      await store.delete(records.slice(1).map(({ id }) => id));
      expect(await idsOf(recordOf().scope)).to.deep.equal([records[0]?.id]);
    });

    it('deletes what it does not have', async () => {
      await store.delete(['no-such-upload']);
    });

    it('does not give expired records', async () => {
      const record = recordOf();
      await store.put([record]);
      now = record.expiresAt;
      expect(await store.get(record.id)).to.equal(null);
      expect(await store.load(record.scope)).to.deep.equal([]);
    });

    it('deletes expired records of all scopes when it loads', async () => {
      const expired = recordOf({ scope: 'other' });
      await store.put([expired]);
      now = expired.expiresAt;
      await store.load('mine');
      now = NOW;
      expect(await store.get(expired.id)).to.equal(null);
    });

    it('drops a record whose size is no number', async () => {
      const odd = recordOf({ size: Number.NaN });
      await store.put([odd]);
      expect([await store.get(odd.id), await store.load(odd.scope)]).to.deep.equal([null, []]);
    });

    it('deletes records that it cannot read when it loads', async () => {
      const { partSize: _, ...older } = recordOf();
      const odd = { ...recordOf(), receipts: 'none' };
      const good = recordOf();
      await store.put([older as UploadRecord, odd as unknown as UploadRecord, good]);
      expect(await idsOf(good.scope)).to.deep.equal([good.id]);
      expect(await store.get(odd.id)).to.equal(null);
    });
  });
};
