/**
 * Holds by `navigator.locks`, which the browser frees when a page dies.
 *
 * Pages that are not secure contexts, sandboxed frames and Node have no locks. There a map of this page stands in: two
 * engines of one page still keep apart, but two tabs do not see each other and may both send the parts of one upload.
 * The stored file stays right, because parts are stored by number; only bytes are wasted.
 */

import { abortable } from '../lib/abortable.js';
import type { Hold, Locks } from '../ports/locks.js';

/** What other holds of this page wait for, by name; shared by all engines of the page. */
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

/** Names that this page holds, whichever engine asked for them. */
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

/** Holds of this page that were released, but that the browser has not freed yet, by name. */
const freeing = new Map<string, Promise<unknown>>();

const request = <Options extends LockOptions>(
  manager: LockManager,
  name: string,
  options: Options,
): Promise<Hold | (Options extends { ifAvailable: true } ? null : never)> =>
  new Promise((resolve, reject) => {
    const freed = manager.request(name, options, (lock) => {
      // The manager gives no lock only to those who asked whether it is available.
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

/** Sandboxed frames, pages that are being left and some embedded browsers have a manager that refuses. */
const whereForbidden =
  <T>(fallback: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    return fallback();
  };

/** A manager that does not say within this time, in milliseconds, whether a lock is free is done without. */
const ANSWER_MS = 5_000;

/** A hold that comes after its time is given back. */
const inTime = (asked: Promise<Hold | null>, fallback: () => Promise<Hold | null>): Promise<Hold | null> =>
  new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      fallback().then(resolve, reject);
    }, ANSWER_MS);
    asked.then((hold) => (isLate ? hold?.release() : resolve(hold)), reject).finally(() => clearTimeout(timer));
  });

/** Null where there is none, and where even asking for it throws. */
const findManager = (): LockManager | null => {
  try {
    return globalThis.navigator?.locks ?? null;
  } catch {
    return null;
  }
};

/** Locks between all pages of the origin; of this page alone where the browser has none or forbids them. */
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
