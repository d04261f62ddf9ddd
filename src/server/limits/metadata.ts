/** Checks the browser's metadata before hooks and storages get it. */

import { isObject } from '../../lib/json.js';
import { badRequest } from '../http/http-error.js';

/** Deeper than real metadata, and far below the stack's limit. */
const MAX_DEPTH = 16;
const MAX_ENTRIES = 1000;

/** Keys by which a careless merge would change the prototype of all objects. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** @throws HttpError 400 when the metadata is nested too deep, has too many entries or a reserved key. */
export const checkMetadata = (metadata: Readonly<Record<string, unknown>>): void => {
  let level: readonly unknown[] = [metadata];
  let entries = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badRequest(`metadata may be nested at most ${MAX_DEPTH} deep`);
    const objects = level.filter((value) => typeof value === 'object' && value !== null);
    const reserved = objects
      .filter(isObject)
      .flatMap(Object.keys)
      .find((key) => RESERVED.has(key));
    if (reserved !== undefined) throw badRequest(`metadata may not have a key named ${reserved}`);
    level = objects.flatMap((value) => Object.values(value as object));
    entries += level.length;
    if (entries > MAX_ENTRIES) throw badRequest(`metadata may have at most ${MAX_ENTRIES} entries`);
  }
};
