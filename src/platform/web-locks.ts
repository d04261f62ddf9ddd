/**
 * Locks by `navigator.locks`, which the browser releases when a page ends.
 *
 * Pages that are not secure contexts, sandboxed frames and Node have no locks. There a map of this page replaces them:
 * it excludes other engines of the page, but two tabs may both send the parts of one upload. The stored file is still
 * right, because parts are stored by number; only bytes are wasted.
 */

import { abortable } from '../lib/abortable.js';
import type { Hold, Locks } from '../ports/locks.js';

/** Locks held in this page without a manager, by name, with the promise of their release; all engines share it. */
const held = new Map<string, Promise<void>>();

const holdInPage = (name: string): Hold => {
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  held.set(name, freed);
  return {
    release: () => {
      if (held.get(name) === freed) held.delete(name);
      free();
    },
  };
};

/** Names that any engine of this page holds by the manager. */
const heldHere = new Set<string>();

const isHeldHere = (name: string): boolean => heldHere.has(name) || held.has(name);

const pageLocks: Locks = {
  isHeldHere,
  tryHold: async (name) => (held.has(name) ? null : holdInPage(name)),
  async hold(name, { signal }) {
    signal.throwIfAborted();
    for (let other = held.get(name); other !== undefined; other = held.get(name)) await abortable(other, signal);
    return holdInPage(name);
  },
};

/** Locks that this page has released and the browser has not freed yet, by name. */
const freeing = new Map<string, Promise<unknown>>();

const request = <Options extends LockOptions>(
  manager: LockManager,
  name: string,
  options: Options,
): Promise<Hold | (Options extends { ifAvailable: true } ? null : never)> =>
  new Promise((resolve, reject) => {
    const freed = manager.request(name, options, (lock) => {
      // The manager passes null only with `ifAvailable`.
      if (lock === null) return resolve(null as never);
      return new Promise<void>((free) => {
        heldHere.add(name);
        const release = () => {
          heldHere.delete(name);
          freeing.set(name, freed);
          free();
        };
        resolve({ release });
      });
    });
    freed.catch(reject).finally(() => {
      if (freeing.get(name) === freed) freeing.delete(name);
    });
  });

/**
 * Falls back when the manager refuses, as in sandboxed frames, pages that are being left and some embedded browsers.
 */
const whereForbidden =
  <T>(fallback: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    return fallback();
  };

/** Timeout for the manager's answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Falls back after the timeout, and releases a lock that is granted later. */
const inTime = (asked: Promise<Hold | null>, fallback: () => Promise<Hold | null>): Promise<Hold | null> =>
  new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      fallback().then(resolve, reject);
    }, ANSWER_TIMEOUT_MS);
    asked.then((hold) => (isLate ? hold?.release() : resolve(hold)), reject).finally(() => clearTimeout(timer));
  });

/** Null where there is no manager, or reading the property throws. */
const findManager = (): LockManager | null => {
  try {
    return globalThis.navigator?.locks ?? null;
  } catch {
    return null;
  }
};

/** Locks for all pages of the origin; for this page alone where the browser has none or forbids them. */
export const createWebLocks = (manager: LockManager | null = findManager()): Locks =>
  manager === null
    ? pageLocks
    : {
        isHeldHere,
        async tryHold(name) {
          await freeing.get(name);
          const inPage = () => pageLocks.tryHold(name);
          const asked = request(manager, name, { ifAvailable: true as const }).catch(whereForbidden(inPage));
          return inTime(asked, inPage);
        },
        hold: (name, { signal }) =>
          request(manager, name, { signal }).catch(whereForbidden(() => pageLocks.hold(name, { signal }))),
      };
