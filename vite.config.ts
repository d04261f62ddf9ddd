/**
 * Two builds. The library keeps one file per source file, leaves Lit to the application and is not minified, so that
 * applications shake and debug it well. `--mode cdn` makes the one file that a script tag needs.
 */

import { defineConfig, type UserConfig } from 'vite';

const ENTRIES = [
  'src/index.ts',
  'src/define.ts',
  'src/preset.ts',
  'src/protocols/auto.ts',
  'src/protocols/presigned.ts',
  'src/protocols/chunked.ts',
  'src/stores/memory-store.ts',
  'src/stores/indexed-db-store.ts',
  'src/server/index.ts',
  'src/server/node.ts',
  'src/emulator/index.ts',
];

const library: UserConfig = {
  build: {
    target: 'es2022',
    outDir: 'dist',
    minify: false,
    sourcemap: true,
    lib: { entry: ENTRIES, formats: ['es'] },
    rolldownOptions: {
      external: [/^lit(\/|$)/, /^node:/],
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
};

const cdn: UserConfig = {
  build: {
    target: 'es2022',
    outDir: 'dist/cdn',
    sourcemap: true,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/define.ts',
      output: { format: 'es', entryFileNames: 'fastio-upload.js', codeSplitting: false },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'cdn' ? cdn : library));
