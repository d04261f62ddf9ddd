/** The documentation: static files that can lie in any folder of any server. Built from `content` and the manifest. */

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pageInputs, pages } from './build/plugin.js';

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

export default defineConfig({
  root,
  base: './',
  plugins: [pages(root)],
  build: {
    outDir: 'site',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: pageInputs(root) },
  },
});
