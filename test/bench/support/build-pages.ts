/** The pages of all contenders, built as for production, in one go and by one tool. */

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const nameOf = (path: string): string => basename(path).replace(/\.[jt]s$/, '');

/** Uppy 5 lives in a folder of its own, because its packages bear the names of Uppy 6. */
const pages = (): Record<string, string> => {
  const folders = [join(BENCH, 'pages'), join(BENCH, 'uppy-5', 'pages')];
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return Object.fromEntries(paths.map((path) => [nameOf(path), path]));
};

export const buildPages = async (outDir: string): Promise<void> => {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      target: 'es2022',
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
      cssCodeSplit: true,
      rolldownOptions: {
        input: pages(),
        preserveEntrySignatures: false,
        output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  });
};
