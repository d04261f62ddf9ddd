/** A store of a page's own, in one file: records as text in something like `localStorage`. */

import type { Store, UploadRecord } from '../../../src/preset.js';

export const toyStore = (storage: Pick<Storage, 'getItem' | 'setItem'>): Store => {
  const read = (): UploadRecord[] => JSON.parse(storage.getItem('toy-uploads') ?? '[]');
  const write = (records: readonly UploadRecord[]) => storage.setItem('toy-uploads', JSON.stringify(records));
  const without = (ids: readonly string[]) => read().filter(({ id }) => !ids.includes(id));
  return {
    load: async (scope) => read().filter((record) => record.scope === scope),
    get: async (id) => read().find((record) => record.id === id) ?? null,
    put: async (records) => write([...without(records.map(({ id }) => id)), ...records]),
    delete: async (ids) => write(without(ids)),
  };
};
