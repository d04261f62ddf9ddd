/**
 * Files and folders of the `/current/` API (source: the vendor's client for the paths; it names few fields of
 * the answers, so several names are tried).
 */

import { defined } from '../lib/defined.js';
import { isObject, type JsonObject, readNumber, readString } from '../lib/json.js';
import { parseInstant } from './headers.js';

export interface Node {
  readonly id: string;
  readonly isFolder: boolean;
  readonly name: string;
  readonly parent?: string;
  /** Bytes; absent for folders. */
  readonly size?: number;
  readonly type?: string;
  /** Time of storing by the API's clock, in milliseconds since 1970. */
  readonly storedAt?: number;
}

export const parseNode = (value: JsonObject): Node | null => {
  const id = readString(value.id);
  if (id === undefined) return null;
  return {
    id,
    isFolder: value.type === 'folder',
    name: readString(value.name) ?? '',
    ...defined({
      parent: readString(value.parent) ?? readString(value.parent_id),
      size: readNumber(value.size),
      type: readString(value.mimetype) ?? readString(value.mime_type) ?? readString(value.content_type),
      storedAt: parseInstant(value.modified ?? value.updated ?? value.created),
    }),
  };
};

/** One page of a folder's list: what it holds, and where the next one begins. */
export const parseNodePage = (payload: JsonObject): { readonly entries: readonly JsonObject[]; next?: string } => {
  const entries = [payload.nodes, payload.items, payload.results].find(Array.isArray) ?? [];
  const paging = isObject(payload.pagination) ? payload.pagination : payload;
  return { entries: entries.filter(isObject), ...defined({ next: readString(paging.next_cursor) }) };
};

/** Whether it is the file of a session that began at `since`: one of that name that was there before is not. */
export const isNodeOf = ({ isFolder, size, storedAt }: Node, file: { readonly size: number }, since: number): boolean =>
  !isFolder && size === file.size && storedAt !== undefined && storedAt >= since;
