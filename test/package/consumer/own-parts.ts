/** An application that brings parts of its own, and needs the types of what it replaces. */

import {
  type Protocol,
  type Store,
  type Transport,
  UploadEngine,
  type UploadRecord,
  type WireResponse,
} from 'fastio-upload/engine';

const records = new Map<string, UploadRecord>();

const store: Store = {
  load: async (scope) => [...records.values()].filter((record) => record.scope === scope),
  get: async (id) => records.get(id) ?? null,
  put: async (changed) => {
    for (const record of changed) records.set(record.id, record);
  },
  delete: async (ids) => {
    for (const id of ids) records.delete(id);
  },
};

export const withParts = (protocol: Protocol, transport: Transport): UploadEngine =>
  new UploadEngine({ endpoint: '/api/uploads', protocol }, { store, transport });

export const idOf = ({ header }: WireResponse): string | null => header('x-id');
