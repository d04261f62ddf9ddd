/** The place where a reader of the README stands: a clone after `npm run build`. */

import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Runtime, type Shell, serve } from './runtime.js';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What git ignores below `demo`: no clone has it, so no recipe may need it. */
const IGNORED = ['node_modules', 'build', '.svelte-kit', '.wrangler', '.dev.vars', 'assets', '.data'];

export interface Clone {
  readonly folder: string;
  close(): Promise<void>;
}

export const makeClone = async (): Promise<Clone> => {
  const folder = await mkdtemp(join(tmpdir(), 'fastio-upload-clone-'));
  for (const name of ['package.json', 'package-lock.json', 'dist', 'demo']) {
    const isKept = (path: string): boolean => name !== 'demo' || !IGNORED.includes(basename(path));
    await cp(join(ROOT, name), join(folder, name), { recursive: true, filter: isKept });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
};

/** Runs commands in the clone, of which the last one serves. The clone ends with what they have started. */
export const serveIn = async (clone: Clone, shell: Omit<Shell, 'cwd'>, announces: RegExp): Promise<Runtime> => {
  const runtime = await serve({ ...shell, cwd: clone.folder }, announces);
  const close = async (): Promise<void> => {
    await runtime.close();
    await clone.close();
  };
  return { ...runtime, close };
};
