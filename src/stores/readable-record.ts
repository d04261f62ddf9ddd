/** Which of the stored records this version may restore. */

import { isObject } from '../lib/json.js';
import type { UploadRecord } from '../ports/store.js';

/** A field added to the port must be added here; records from before it are then given up, not misread. */
const KINDS: Readonly<Record<keyof UploadRecord, string>> = {
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
  receipts: 'array',
  pausedByUser: 'boolean',
  createdAt: 'number',
  updatedAt: 'number',
  expiresAt: 'number',
};

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Whether the value is a record of this version that has not expired. `wallNow` in milliseconds since 1970. */
export const isReadableRecord = (value: unknown, wallNow: number): value is UploadRecord =>
  isObject(value) &&
  Object.entries(KINDS).every(([field, kinds]) => kinds.split('|').includes(kindOf(value[field]))) &&
  Number(value.expiresAt) > wallNow;
