/**
 * File locks: exclusive, on files only, advisory, held by a user, with an expiry (sources: the vendor's client for the
 * calls, the file lock article for their meaning). The API cannot lock folders, although the concurrency article says
 * so.
 */

import { isObject, type JsonObject, readString } from '../lib/json.js';
import { parseInstant } from './headers.js';

/** Allowed duration of a lock, in seconds. */
export const LOCK_SECONDS = { min: 60, max: 3600 } as const;

/** Null when the answer has no token. */
export const parseLockToken = (payload: JsonObject): string | null =>
  readString(payload.lock_token) ?? (isObject(payload.lock) ? (readString(payload.lock.lock_token) ?? null) : null);

export interface LockHolder {
  readonly holder: string | null;
  /** Milliseconds since 1970 on the server's clock. */
  readonly expiresAt: number | null;
}

/** The holder of a lock. Only `locked` and `lock_info` are documented, so several names are tried within. */
export const parseLockHolder = (payload: JsonObject): LockHolder => {
  const info = [payload.lock_info, payload.lock].find(isObject) ?? payload;
  return {
    holder: nameOf(info.holder ?? info.user ?? info.locked_by ?? info.user_id),
    expiresAt: parseInstant(info.expires_at ?? info.expires ?? info.expiry) ?? null,
  };
};

const nameOf = (value: unknown): string | null =>
  readString(isObject(value) ? (value.name ?? value.email ?? value.id) : value) ?? null;
