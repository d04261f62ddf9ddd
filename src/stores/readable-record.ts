/** Which of the stored records this version may restore. */

import { isObject } from '../lib/json.js';
import type { UploadRecord } from '../ports/store.js';

/** A field added to the port must be added here; records from before it are then given up, not misread. */
const KINDS: Readonly<Record<Exclude<keyof UploadRecord, 'receipts'>, string>> = {
  id: 'string',
  scope: 'string',
  name: 'string',
  size: 'number',
  type: 'string',
  lastModified: 'number',
  relativePath: 'string',
  fingerprint: 'string|null',
  handle: 'object|null',
  protocol: 'string|null',
  session: 'object|null',
  partSize: 'number|null',
  pausedByUser: 'boolean',
  createdAt: 'number',
  updatedAt: 'number',
  expiresAt: 'number',
};

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value);

/** Whether the value is a record of this version that has not expired. `wallNow` in milliseconds since 1970. */
export const isReadableRecord = (value: unknown, wallNow: number): value is UploadRecord =>
  isObject(value) &&
  Object.entries(KINDS).every(([field, kinds]) => kinds.split('|').includes(kindOf(value[field]))) &&
  Array.isArray(value.receipts) &&
  value.receipts.every(isObject) &&
  Number(value.expiresAt) > wallNow;
