/** Keeps the measurements of lines to origins for a reload of the tab. Numbers only. */

import { isObject, type JsonObject, parseJsonObject } from '../lib/json.js';

export type LineMemory = Readonly<Record<string, number>>;

const KEY = 'fastio-upload/lines';
/** Measurements older than this many milliseconds may belong to another network. */
const FRESH_MS = 600_000;
/** Minimum interval between writes, in milliseconds. */
const WRITE_MS = 2_000;

/** Absent in workers; reading it throws in a sandboxed frame. */
const storage = () =>
  (
    globalThis as {
      readonly sessionStorage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
    }
  ).sessionStorage;

/** Empty where the entry was not written by this module, and where reading it is forbidden. */
const readAll = (): JsonObject => {
  try {
    return parseJsonObject(storage()?.getItem(KEY) ?? '');
  } catch {
    return {};
  }
};

export const recallLine = (origin: string): LineMemory | null => {
  const entry = readAll()[origin];
  if (!isObject(entry) || !isObject(entry.line)) return null;
  const age = Date.now() - Number(entry.at);
  const isNumeric = Object.values(entry.line).every((value) => typeof value === 'number');
  return isNumeric && age >= 0 && age < FRESH_MS ? (entry.line as LineMemory) : null;
};

/** Returns a function that stores the line's measurements; it calls `read` only when it writes. */
export const rememberLine = (origin: string): ((read: () => LineMemory) => void) => {
  let writtenAt = 0;
  return (read) => {
    const at = Date.now();
    if (Math.abs(at - writtenAt) < WRITE_MS) return;
    writtenAt = at;
    try {
      storage()?.setItem(KEY, JSON.stringify({ ...readAll(), [origin]: { at, line: read() } }));
    } catch {
      // The next page measures again.
    }
  };
};
