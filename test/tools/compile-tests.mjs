/**
 * Compiles tests, with all that they import of this repository, to plain JavaScript, which Node starts in a third of the
 * time that a loader of TypeScript takes. A test lies in the folder where it lies in the repository.
 *
 *   node test/tools/compile-tests.mjs <folder within the repository> <test file …>
 *
 * A process of its own, because the bundler sets `NODE_ENV`.
 */

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './shell.mjs';

const [, , outDir, ...files] = process.argv;

/** A module asks for what lies beside its source. */
const sourceUrls = {
  name: 'source-urls',
  enforce: 'pre',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return null;
    return { code: `const sourceUrl = ${JSON.stringify(pathToFileURL(id).href)}; ${code}`, map: null };
  },
};

await build({
  configFile: false,
  root: ROOT,
  logLevel: 'warn',
  plugins: [sourceUrls],
  define: { 'import.meta.url': 'sourceUrl' },
  build: {
    ssr: true,
    outDir,
    target: 'node20',
    minify: false,
    sourcemap: 'inline',
    copyPublicDir: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), file])),
      // Packages are left to Node, but for the helpers of the compiler, which only its bundler finds.
      external: (id) => !/^([.\0]|@oxc-project\/runtime\/)/.test(id) && !isAbsolute(id),
      // What `package.json` says of side effects is about the published files.
      treeshake: false,
      // A test without exports would else take in code that others share, and importing it runs its tests.
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' },
    },
  },
});
