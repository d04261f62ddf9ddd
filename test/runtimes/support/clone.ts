/** The place where a reader of the README stands: a clone after `npm run build`. */

import { cp, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import type { Runtime } from './runtime.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What git ignores below `demo`: no clone has it, so no recipe may need it. */
const IGNORED = ['node_modules', 'build', '.svelte-kit', '.wrangler', '.dev.vars', 'assets', '.data'];

const makeClone = async (): Promise<string> => {
  const clone = await makeScratchFolder('clone');
  for (const name of ['package.json', 'package-lock.json', 'dist', 'demo']) {
    const isKept = (path: string): boolean => name !== 'demo' || !IGNORED.includes(basename(path));
    await cp(join(ROOT, name), join(clone, name), { recursive: true, filter: isKept });
  }
  await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  return clone;
};

/** What `start` starts in a clone, given as its folder. The clone is removed once that has ended, or has failed to start. */
export const inClone = async <R extends Runtime>(start: (clone: string) => Promise<R>): Promise<R> => {
  const clone = await makeClone();
  const remove = (): Promise<void> => removeScratchFolder(clone);
  try {
    const runtime = await start(clone);
    const close = async (): Promise<void> => {
      await runtime.close();
      await remove();
    };
    return { ...runtime, close };
  } catch (error) {
    await remove();
    throw error;
  }
};
