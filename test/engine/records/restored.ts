/** Uploads that an earlier page left unfinished, and the page that finds them. */

import type { UploadRecord } from '../../../src/ports/store.js';
import type { EngineOptions } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, type BenchParts, fileOf, SCOPE } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { fakeHasher } from '../../support/fake-ports.js';
import { receiptsOf } from '../../support/scripted-server.js';

/** Three parts of ten bytes. */
export const file = fileOf('big.bin', 30);

let counter = 0;

/** A record of a file as an earlier page left it: two of three parts are confirmed. */
export const recordOf = async (file: File, changes: Partial<UploadRecord> = {}): Promise<UploadRecord> => ({
  id: `restored-${++counter}`,
  scope: SCOPE,
  name: file.name,
  size: file.size,
  type: file.type,
  lastModified: file.lastModified,
  relativePath: file.name,
  fingerprint: await fakeHasher.sha256(await file.arrayBuffer()),
  handle: null,
  protocol: 'chunked',
  session: { uploadId: 's1', maxParallel: null },
  partSize: 10,
  receipts: receiptsOf([1, 2]),
  pausedByUser: false,
  createdAt: 1,
  updatedAt: 1,
  expiresAt: Number.MAX_SAFE_INTEGER,
  ...changes,
});

/** A page that finds these records, which come with their handles. */
export const benchWith = async (
  records: readonly UploadRecord[],
  options: Partial<EngineOptions> = {},
  parts: BenchParts = {},
): Promise<Bench> => {
  const clock = new FakeClock();
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  // As a database gives them back: objects with functions would not survive a clone.
  await store.put(records.map((record) => ({ ...record, handle: null })));
  const load = async (scope: string) => (await store.load(scope)).map((found) => withHandle(found, records));
  const get = async (id: string) => {
    const found = await store.get(id);
    return found && withHandle(found, records);
  };
  const put = (changed: readonly UploadRecord[]) => store.put(changed.map((record) => ({ ...record, handle: null })));
  const bridge = { load, get, put, delete: (ids: readonly string[]) => store.delete(ids) };
  return new Bench({ protocol: 'chunked', ...options }, { store: bridge, clock, ...parts });
};

const withHandle = (found: UploadRecord, records: readonly UploadRecord[]): UploadRecord => ({
  ...found,
  handle: records.find(({ id }) => id === found.id)?.handle ?? null,
});

/** Numbers of the parts that are on their way. */
export const openParts = ({ transport }: Bench): number[] =>
  transport.open.flatMap(({ method, partNumber }) => (method === 'PUT' ? [partNumber] : []));
