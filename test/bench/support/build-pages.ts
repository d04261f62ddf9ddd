/** The pages of all contenders, built as for production, in one go and by one tool. */

import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { hashWorker } from '../../../vite.config.js';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const nameOf = (path: string): string => basename(path).replace(/\.[jt]s$/, '');

/** Uppy 5 lives in a folder of its own, because its packages bear the names of Uppy 6. */
const pages = (): Record<string, string> => {
  const folders = [join(BENCH, 'pages'), join(BENCH, 'uppy-5', 'pages')];
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return Object.fromEntries(paths.map((path) => [nameOf(path), path]));
};

/** What `visit` opens for an earlier version. */
export const EARLIER_PAGE = 'earlier-fastio-engine';
export const EARLIER_ELEMENT_PAGE = 'earlier-fastio-element';

/** Engine and element come from the checkout in `folder`; the page around them is the same. */
const fromCheckout = (folder: string): Plugin => ({
  name: 'from-checkout',
  enforce: 'pre',
  resolveId: (source) =>
    source.startsWith('../../../src/') ? join(folder, source.slice(9).replace(/\.js$/, '.ts')) : null,
});

interface BuildPlan {
  readonly outDir: string;
  readonly input: Readonly<Record<string, string>>;
  readonly plugins: Plugin[];
  /** Of files that several pages share, below `outDir`. */
  readonly assetsDir: string;
  /** The checkout that the worker comes from. */
  readonly root: string;
}

const buildInto = async ({ outDir, input, plugins, assetsDir, root }: BuildPlan): Promise<void> => {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [...plugins, hashWorker(`${assetsDir}/hash-worker.js`, root)],
    build: {
      target: 'es2022',
      outDir,
      assetsDir,
      emptyOutDir: false,
      modulePreload: false,
      chunkSizeWarningLimit: 10_000,
      cssCodeSplit: true,
      rolldownOptions: {
        input,
        preserveEntrySignatures: false,
        output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' },
      },
    },
  });
};

/** @param earlier a checkout of an earlier version, if that is to be measured as well. */
export const buildPages = async (outDir: string, earlier: string | null): Promise<void> => {
  await buildInto({ outDir, input: pages(), plugins: [], assetsDir: 'assets', root: ROOT });
  if (earlier === null) return;
  const input = {
    [EARLIER_PAGE]: join(BENCH, 'pages', 'fastio-engine.ts'),
    [EARLIER_ELEMENT_PAGE]: join(BENCH, 'pages', 'fastio-element.ts'),
  };
  const root = resolve(earlier);
  await buildInto({ outDir, input, plugins: [fromCheckout(root)], assetsDir: 'earlier', root });
};
