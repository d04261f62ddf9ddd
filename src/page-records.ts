/**
 * The records of a page, loaded when they are first asked for. An upload can do without them: where their file does not
 * come, nothing is kept, and the page hears `resume-unavailable`.
 */

import type { Records } from './browser-records.js';
import { abortable } from './lib/abortable.js';
import { UploadError } from './ports/errors.js';

/** An upload waits no longer than this for the file, in milliseconds. */
const LOADED_WITHIN_MS = 5_000;

/** Store and locks come together or not at all: a record without its lock seems to be left behind by its page. */
export const createPageRecords = (
  load: () => Promise<Records> = async () => (await import('./browser-records.js')).createRecords(),
): Records => {
  let loading: Promise<Records | null> | null = null;
  let loaded: Records | null = null;

  /** Once: records that came later would be those of uploads that hold no lock. */
  const records = (): Promise<Records | null> => {
    loading ??= abortable(load(), AbortSignal.timeout(LOADED_WITHIN_MS)).then(
      (found) => {
        loaded = found;
        return found;
      },
      () => null,
    );
    return loading;
  };

  const store = async (): Promise<Records['store']> => {
    const found = await records();
    if (found !== null) return found.store;
    throw new UploadError('storage', 'the code that keeps records could not be loaded');
  };

  return {
    store: {
      load: async (scope) => (await store()).load(scope),
      get: async (id) => (await store()).get(id),
      put: async (kept) => (await store()).put(kept),
      delete: async (id) => (await store()).delete(id),
    },
    locks: {
      isHeldHere: (name) => loaded?.locks.isHeldHere(name) ?? false,
      tryHold: async (name) => ((await records())?.locks ?? NO_LOCKS).tryHold(name),
      hold: async (name, options) => ((await records())?.locks ?? NO_LOCKS).hold(name, options),
    },
  };
};

/** Without records there is nothing that two pages could drive. */
const NO_LOCKS = {
  tryHold: async () => ({ release: () => {} }),
  hold: async () => ({ release: () => {} }),
} as const;
