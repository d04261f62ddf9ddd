/**
 * Compiles tests, with all that they import of this repository, to plain JavaScript: Node starts it in a third of the
 * time that a loader of TypeScript takes, and a browser asks for a few modules, not for hundreds. A test lies in the
 * folder where it lies in the repository.
 *
 *   node test/tools/compile-tests.mjs node|browser <folder within the repository> <test file …>
 *
 * A process of its own, because the bundler sets `NODE_ENV`.
 */

import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './shell.mjs';

const [, , platform, outDir, ...files] = process.argv;

/** `urlOf` is the expression for the address of a source. */
const PLATFORMS = {
  node: {
    target: 'node20',
    // Packages are left to Node, but for the helpers of the compiler, which only its bundler finds.
    external: (id) => !/^([.\0]|@oxc-project\/runtime\/)/.test(id) && !isAbsolute(id),
    urlOf: (id) => JSON.stringify(pathToFileURL(id).href),
  },
  browser: {
    target: 'es2022',
    // What the server of the test runner makes.
    external: /^\/__web-/,
    ssr: { target: 'webworker', noExternal: true, resolve: { conditions: ['browser', 'module', 'development'] } },
    urlOf: (id) => `new URL(${JSON.stringify(`/${relative(ROOT, id)}`)}, location.href).href`,
  },
};
const { target, external, ssr, urlOf } = PLATFORMS[platform];

/** A module asks for what lies beside its source, and runs: `sideEffects` of `package.json` are those of published files. */
const asSources = {
  name: 'as-sources',
  enforce: 'pre',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return { moduleSideEffects: true };
    return { code: `const sourceUrl = ${urlOf(id)}; ${code}`, map: null, moduleSideEffects: true };
  },
};

await build({
  configFile: false,
  root: ROOT,
  mode: 'development',
  logLevel: 'warn',
  plugins: [asSources],
  define: { 'import.meta.url': 'sourceUrl' },
  ssr,
  build: {
    ssr: true,
    outDir,
    target,
    minify: false,
    sourcemap: 'inline',
    copyPublicDir: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(files.map((file) => [file.replace(/\.ts$/, ''), file])),
      external,
      // A test without exports would else take in code that others share, and importing it runs its tests.
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' },
    },
  },
});
