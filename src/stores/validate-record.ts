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

/** An endless or fractional number would make the parts of a file endless, too. */
const isWhole = (value: unknown, least = 0): value is number => Number.isSafeInteger(value) && Number(value) >= least;

/** Whether the value is a valid `partSize`: a number, null, or rising ends of parts within the file. */
const isLayout = (value: unknown, size: number): boolean => {
  if (value === null || isWhole(value, 1)) return true;
  return (
    Array.isArray(value) &&
    value.every((end, index) => isWhole(end, index === 0 ? 0 : value[index - 1] + 1) && end <= size)
  );
};

const isReceipt = (value: unknown): boolean => isObject(value) && isWhole(value.number, 1) && isWhole(value.size);

/** `typeof`, with null, NaN and infinities as their own kinds. */
const kindOf = (value: unknown): string => {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value === null ? 'null' : typeof value;
};

/** Whether the value is a record of this version that has not expired. `wallNow` in milliseconds since 1970. */
export const isValidRecord = (value: unknown, wallNow: number): value is UploadRecord =>
  isObject(value) &&
  Object.entries(KINDS).every(([field, kinds]) => kinds.split('|').includes(kindOf(value[field]))) &&
  isWhole(value.size) &&
  isLayout(value.partSize, value.size) &&
  (value.doubtedFrom === undefined || isWhole(value.doubtedFrom, 1)) &&
  Array.isArray(value.receipts) &&
  value.receipts.every(isReceipt) &&
  Number(value.expiresAt) > wallNow;
