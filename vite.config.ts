/**
 * Two builds. The library keeps one file per source file, leaves Lit to the application and is not minified, so that
 * applications shake and debug it well. `--mode cdn` makes the one file that a script tag needs; what few pages need
 * (languages, a large protocol, …) lies beside it and is loaded when it is needed.
 */

import { type MinifyOptions, minify } from 'terser';
import { build, defineConfig, type Plugin, type UserConfig } from 'vite';

const ENTRIES = [
  'src/index.ts',
  'src/define.ts',
  'src/development.ts',
  'src/react.ts',
  'src/vue.ts',
  'src/preset.ts',
  'src/protocols/auto.ts',
  'src/protocols/presigned.ts',
  'src/protocols/chunked.ts',
  'src/protocols/fastio.ts',
  'src/stores/memory-store.ts',
  'src/stores/indexed-db-store.ts',
  'src/server/index.ts',
  'src/server/node.ts',
  'src/server/s3.ts',
  'src/emulator/index.ts',
  ...['ar', 'de', 'es', 'fr', 'he', 'ja', 'pt', 'zh'].map((lang) => `src/locales/${lang}.ts`),
];

/**
 * The file that runs as a worker, at `fileName` in `dist`. It is whole in itself, because the bundlers of applications copy
 * such a file without looking into it, and it stays outside of all others, because it is asked for by its URL.
 */
const hashWorker = (fileName: string): Plugin => ({
  name: 'hash-worker',
  enforce: 'pre',
  apply: 'build',
  resolveId: (source) => (source === './hash-worker.js' ? { id: source, external: 'relative' } : null),
  // While it is built the source would take the place of its URL; in an application that URL has to be seen.
  transform(code, id) {
    if (!id.endsWith('/worker-hasher.ts')) return null;
    return { code: code.replace("URL('./hash", "URL(/* @vite-ignore */ './hash"), map: { mappings: '' } };
  },
  renderChunk(code) {
    const shown = code.replace(/\/\* @vite-ignore \*\/\s*/, '');
    return shown === code ? null : { code: shown, map: { mappings: '' } };
  },
  async generateBundle() {
    const entry = 'src/platform/hash-worker.ts';
    const built = await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        write: false,
        target: 'es2022',
        lib: { entry, formats: ['es'] },
        rolldownOptions: { output: { minify: true } },
      },
    });
    for (const { output } of [built].flat().filter((result) => 'output' in result)) {
      for (const file of output)
        if (file.type === 'chunk') this.emitFile({ type: 'asset', fileName, source: file.code });
    }
  },
});

const library: UserConfig = {
  plugins: [hashWorker('platform/hash-worker.js')],
  build: {
    target: 'es2022',
    outDir: 'dist',
    minify: false,
    sourcemap: true,
    lib: { entry: ENTRIES, formats: ['es'] },
    rolldownOptions: {
      external: [/^lit(\/|$)/, 'aws4fetch', 'react', 'vue', /^node:/],
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
};

/** Blanks and comments of style sheets, which minifiers leave in template strings. */
const squeezeStyles: Plugin = {
  name: 'squeeze-styles',
  transform(code, id) {
    if (!id.endsWith('.styles.ts')) return null;
    const squeezed = code.replace(/css`[^`]*`/g, (sheet) =>
      sheet
        .replace(/\/\*.*?\*\//gs, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};,>]) ?/g, '$1')
        .replace(/: /g, ':')
        .replace(/;}/g, '}')
        .replace(/` | `/g, '`'),
    );
    return { code: squeezed, map: { mappings: '' } };
  },
};

/** Indentation, which minifiers leave in template strings. Lines stay where they are, and so does what maps them. */
const squeezeMarkup: Plugin = {
  name: 'squeeze-markup',
  transform: (code, id) => (id.includes('/src/element/') ? { code: code.replace(/\n +/g, '\n'), map: null } : null),
};

/** Comma sequences and folded conditions are shorter as they stand, and longer once they are compressed. */
const TERSER: MinifyOptions = {
  module: true,
  ecma: 2022,
  compress: { passes: 3, sequences: false, conditionals: false },
};

/** After the bundler's own minifier: the two together leave two per cent less than either. */
const terser: Plugin = {
  name: 'terser',
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const content = JSON.stringify(chunk.map);
      const sourceMap = { content, includeSources: true, url: `${chunk.fileName}.map`, asObject: true };
      const { code = '', map } = await minify(chunk.code, { ...TERSER, sourceMap });
      chunk.code = code;
      // The bundler has made a file of the first map by now, and looks at `chunk.map` no more.
      const mapFile = bundle[`${chunk.fileName}.map`];
      if (mapFile?.type === 'asset') mapFile.source = JSON.stringify(map);
    }
  },
};

const cdn: UserConfig = {
  plugins: [squeezeStyles, squeezeMarkup, hashWorker('hash-worker.js'), terser],
  build: {
    target: 'es2022',
    outDir: 'dist/cdn',
    sourcemap: true,
    lib: { entry: 'src/define.ts', formats: ['es'] },
    rolldownOptions: {
      // The file for the script tag imports nothing; what is loaded later takes from it what both need.
      preserveEntrySignatures: 'allow-extension',
      output: { minify: true, entryFileNames: 'fastio-upload.js', chunkFileNames: '[name].js' },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'cdn' ? cdn : library));
