/**
 * Two builds. The library keeps one file per source file, so that applications shake it well, and leaves Lit to the
 * application. `--mode cdn` makes the one file that a script tag needs; what few pages need (languages, a large protocol,
 * …) lies beside it and is loaded when it is needed. Both are minified. Source maps come with the second only, because
 * applications that bundle the first make maps of their own.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MinifyOptions, minify } from 'terser';
import { build, defineConfig, type Plugin, type UserConfig } from 'vite';

const ENTRIES = [
  'src/index.ts',
  'src/define.ts',
  'src/development.ts',
  'src/react.ts',
  'src/vue.ts',
  'src/svelte.ts',
  ...['react', 'preact', 'solid'].map((framework) => `src/jsx/${framework}.ts`),
  'src/preset.ts',
  'src/protocols/auto.ts',
  'src/protocols/presigned.ts',
  'src/protocols/chunked.ts',
  'src/protocols/fastio.ts',
  'src/protocols/multipart.ts',
  'src/protocols/tus.ts',
  'src/protocols/form.ts',
  'src/stores/memory-store.ts',
  'src/stores/indexed-db-store.ts',
  'src/server/index.ts',
  'src/server/node.ts',
  'src/server/s3.ts',
  'src/emulator/index.ts',
  'src/testing/index.ts',
  'src/cli/main.ts',
  ...['ar', 'de', 'en', 'es', 'fr', 'he', 'ja', 'pt', 'zh'].map((lang) => `src/locales/${lang}.ts`),
];

/**
 * The file that runs as a worker, at `fileName` in `dist`. It is whole in itself, because the bundlers of applications copy
 * such a file without looking into it, and it stays outside of all others, because it is asked for by its URL. `root` is
 * the checkout that it is built from.
 */
export const hashWorker = (fileName: string, root = fileURLToPath(new URL('.', import.meta.url))): Plugin => ({
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
    const entry = join(root, 'src/platform/hash-worker.ts');
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

/** Notices of the packages whose code is in the files: beside them, because minifiers and script tags take no heed. */
const licenceNotices = (): Plugin => ({
  name: 'licence-notices',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const bundled = modules.flatMap((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []);
    const source = [...new Set(bundled)]
      .sort()
      .map(noticeOf)
      .join(`\n${'-'.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: 'third-party-licenses.txt', source });
  },
});

const noticeOf = (name: string): string => {
  const folder = join(fileURLToPath(new URL('node_modules', import.meta.url)), name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} brings no licence text`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
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

/** Each of these is shorter as it stands, and longer once it is compressed. */
const LONGER_COMPRESSED = { sequences: false, conditionals: false, collapse_vars: false, if_return: false };

const TERSER: MinifyOptions = { module: true, ecma: 2022, compress: { passes: 3, ...LONGER_COMPRESSED } };

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

/** What `sideEffects` of `package.json` says of the published files, said of their sources. */
const WITH_EFFECTS = /\/src\/(define|development|react|vue|element\/(tag|lit-on-server))\.ts$/;

const sideEffects: Plugin = {
  name: 'side-effects',
  transform: (code, id) => (WITH_EFFECTS.test(id) ? { code, map: null, moduleSideEffects: true } : null),
};

const library: UserConfig = {
  plugins: [sideEffects, squeezeStyles, squeezeMarkup, hashWorker('platform/hash-worker.js'), licenceNotices()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    lib: { entry: ENTRIES, formats: ['es'] },
    rolldownOptions: {
      external: [/^lit(\/|$)/, /^lit-html\//, 'aws4fetch', 'react', 'vue', /^node:/],
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        minify: true,
        // npm leaves folders called `node_modules` out of a package.
        entryFileNames: ({ name }) => `${name.replace(/^(.*node_modules|_virtual)\/.*\//, 'vendor/')}.js`,
        // React's server components take what says so for a component of the browser.
        banner: ({ name }) => (name === 'react' ? "'use client';" : ''),
      },
    },
  },
};

/** A script tag is in a page: what lets servers import Lit is of no use there. */
const pagesOnly: Plugin = {
  name: 'pages-only',
  load: (id) => (id.endsWith('/lit-on-server.ts') ? 'export const endLitOnServer = () => {};' : null),
};

const cdn: UserConfig = {
  plugins: [
    pagesOnly,
    sideEffects,
    squeezeStyles,
    squeezeMarkup,
    hashWorker('hash-worker.js'),
    terser,
    licenceNotices(),
  ],
  build: {
    target: 'es2022',
    outDir: 'dist/cdn',
    sourcemap: true,
    lib: { entry: 'src/define.ts', formats: ['es'] },
    rolldownOptions: {
      // The file for the script tag imports nothing; what is loaded later takes from it what both need.
      preserveEntrySignatures: 'allow-extension',
      output: {
        minify: true,
        entryFileNames: 'fastio-upload.js',
        chunkFileNames: '[name].js',
        // Without it, what the first file shares with a later one becomes a file that both have to import.
        codeSplitting: { groups: [{ name: 'fastio-upload', tags: ['$initial'] }] },
      },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'cdn' ? cdn : library));
