/** The programs of a recipe, as a reader writes them to files of those names beside an installed package. */

import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** By file name: each is the word after the language of its block. */
const programsOf = (recipe: string): ReadonlyMap<string, string> => {
  const text = readFileSync(join(ROOT, 'demo', 'docs', 'content', recipe), 'utf8');
  return new Map(
    [...text.matchAll(/^```(?:js|ts|html) ([\w./-]+)\n(.*?)^```$/gms)].map(([, name = '', program = '']) => [
      name,
      program,
    ]),
  );
};

export interface Application {
  readonly folder: string;
  close(): Promise<void>;
}

/** All programs of the recipe in a folder of their own. The package is what `npm run build` made. */
export const writeRecipe = async (recipe: string): Promise<Application> => {
  const folder = await makeScratchFolder('recipe');
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'fastio-upload'));
  for (const name of ['aws4fetch', 'hono', '@tus']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, program] of programsOf(recipe)) await writeFile(join(folder, name), program);
  return { folder, close: () => removeScratchFolder(folder) };
};
