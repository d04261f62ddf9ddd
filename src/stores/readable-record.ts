/** Validates stored records before they are restored. */

import { isObject } from '../lib/json.js';
import type { UploadRecord } from '../ports/store.js';

/** Types of the port's fields. A new field makes older records unreadable unless it may be undefined. */
const KINDS: Readonly<Record<Exclude<keyof UploadRecord, 'receipts' | 'partSize' | 'doubtedFrom'>, string>> = {
  id: 'string',
  scope: 'string',
  name: 'string',
  size: 'number',
  type: 'string',
  lastModified: 'number',
  relativePath: 'string',
  fingerprint: 'string|null',
  target: 'object|null|undefined',
  source: 'object|null|undefined',
  metadata: 'object|null|undefined',
  user: 'string|null|undefined',
  handle: 'object|null',
  protocol: 'string|null',
  session: 'object|null',
  isUnchecked: 'boolean|undefined',
  pausedByUser: 'boolean',
  createdAt: 'number',
  updatedAt: 'number',
  expiresAt: 'number',
};

/** Whether the value is a valid `partSize`: a number, null, or rising ends of parts. */
const isLayout = (value: unknown): boolean => {
  if (typeof value === 'number' || value === null) return true;
  return (
    Array.isArray(value) &&
    value.every((end, index) => Number.isInteger(end) && (index === 0 || end > value[index - 1]))
  );
};

/** `typeof`, with null and NaN as their own kinds. */
const kindOf = (value: unknown): string => {
  if (Number.isNaN(value)) return 'NaN';
  return value === null ? 'null' : typeof value;
};

/** Whether the value is a record of this version that has not expired. `wallNow` in milliseconds since 1970. */
export const isReadableRecord = (value: unknown, wallNow: number): value is UploadRecord =>
  isObject(value) &&
  Object.entries(KINDS).every(([field, kinds]) => kinds.split('|').includes(kindOf(value[field]))) &&
  isLayout(value.partSize) &&
  ['number', 'undefined'].includes(typeof value.doubtedFrom) &&
  Array.isArray(value.receipts) &&
  value.receipts.every(isObject) &&
  Number(value.expiresAt) > wallNow;
