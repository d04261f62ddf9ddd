/** What a page has to load: one bundler for all, minified, brotli at its best. */

import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import type { Lab } from '../support/lab.js';
import type { Scenario } from './scenario.js';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

interface Weighed {
  readonly title: string;
  /** What an application writes; paths are relative to the root of this project. */
  readonly code: string;
  /** Below which the bundler looks for packages. */
  readonly folder: string;
}

const WEIGHED: readonly Weighed[] = [
  { title: 'fastio-upload engine', code: "export { UploadEngine } from './src/preset.js'", folder: ROOT },
  { title: 'fastio-upload element, Lit included', code: "export { FastioUpload } from './src/index.js'", folder: ROOT },
  {
    title: 'Uppy 6 core + aws-s3',
    code: "export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3'",
    folder: BENCH,
  },
  {
    title: 'Uppy 6 core + aws-s3 + Dashboard',
    code: `export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3';
export { default as Dashboard } from '@uppy/dashboard';
import '@uppy/core/css/style.min.css'; import '@uppy/dashboard/css/style.min.css'`,
    folder: BENCH,
  },
  {
    title: 'Uppy 5 core + aws-s3',
    code: "export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3'",
    folder: join(BENCH, 'uppy-5'),
  },
  { title: 'tus-js-client', code: "export { Upload } from 'tus-js-client'", folder: BENCH },
  { title: 'UpChunk', code: "export { createUpload } from '@mux/upchunk'", folder: BENCH },
  {
    title: 'FilePond',
    code: "export * from 'filepond'; import 'filepond/dist/filepond.min.css'",
    folder: BENCH,
  },
  { title: 'Vaadin Upload, Lit included', code: "import '@vaadin/upload'", folder: BENCH },
];

interface Weight {
  readonly title: string;
  /** Bytes. */
  readonly minified: number;
  readonly brotli: number;
  readonly styleBrotli: number;
  /** Scripts that the page loads only when it needs them. */
  readonly laterBrotli: number;
}

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { entryPoint?: string; imports: readonly { readonly path: string; readonly kind: string }[] }>
  >;
}

const brotli = (content: string | Buffer): number => brotliCompressSync(content).length;

const weigh = async ({ title, code, folder }: Weighed, outDir: string): Promise<Weight> => {
  await mkdir(outDir, { recursive: true });
  const metafile = join(outDir, 'meta.json');
  // In the folder itself, because packages are looked for upwards from the file that names them.
  const options = ['--bundle', '--minify', '--format=esm', '--splitting', '--target=es2022', '--legal-comments=none'];
  const esbuild = run(
    join(BENCH, 'node_modules', '.bin', 'esbuild'),
    [...options, `--outdir=${outDir}`, `--metafile=${metafile}`, '--log-level=error', '--sourcefile=entry.js'].concat([
      '--loader=js',
    ]),
    { cwd: folder },
  );
  esbuild.child.stdin?.end(code);
  await esbuild;
  const { outputs }: Metafile = JSON.parse(await readFile(metafile, 'utf8'));
  const scripts = Object.keys(outputs).filter((path) => path.endsWith('.js'));
  const needed = new Set(scripts.filter((path) => outputs[path]?.entryPoint !== undefined && isStart(path)));
  for (const path of needed) {
    for (const { path: other, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') needed.add(other);
  }
  const read = async (paths: Iterable<string>) =>
    (await Promise.all([...paths].map((path) => readFile(join(folder, path), 'utf8')))).join('');
  const atOnce = await read(needed);
  const later = await read(scripts.filter((path) => !needed.has(path)));
  const styles = await read(Object.keys(outputs).filter((path) => path.endsWith('.css')));
  return {
    title,
    minified: Buffer.byteLength(atOnce),
    brotli: brotli(atOnce),
    styleBrotli: styles === '' ? 0 : brotli(styles),
    laterBrotli: later === '' ? 0 : brotli(later),
  };
};

/** esbuild names what comes from standard input so. */
const isStart = (path: string): boolean => /(^|\/)stdin\.js$/.test(path);

/** The file for the script tag, built as it is shipped. */
const weighCdn = async (outDir: string): Promise<Weight> => {
  await build({
    root: ROOT,
    mode: 'cdn',
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  const scripts = (await readdir(outDir, { recursive: true })).filter((name) => name.endsWith('.js'));
  const entry = await readFile(join(outDir, 'fastio-upload.js'));
  const others = scripts.filter((name) => name !== 'fastio-upload.js');
  const later = Buffer.concat(await Promise.all(others.map((name) => readFile(join(outDir, name)))));
  return {
    title: 'fastio-upload CDN file, as shipped',
    minified: entry.length,
    brotli: brotli(entry),
    styleBrotli: 0,
    laterBrotli: later.length === 0 ? 0 : brotli(later),
  };
};

const kB = (bytes: number): string => (bytes === 0 ? '' : (bytes / 1000).toFixed(1));

export const sizes: Scenario = {
  id: 'sizes',
  title: 'sizes',
  run: async (lab: Lab) => {
    const weights: Weight[] = [];
    for (const [index, entry] of WEIGHED.entries()) weights.push(await weigh(entry, join(lab.folder, `size-${index}`)));
    weights.push(await weighCdn(join(lab.folder, 'cdn')));
    const table = {
      title: 'Sizes in kB (1000 bytes)',
      columns: ['what', 'minified', 'brotli', '+ style', 'later, on demand'],
      rows: weights.map(({ title, minified, brotli: compressed, styleBrotli, laterBrotli }) => [
        title,
        kB(minified),
        kB(compressed),
        kB(styleBrotli),
        kB(laterBrotli),
      ]),
      notes: [
        'One bundler (esbuild) with the same settings for all but the CDN file, which is built as it is shipped.',
      ],
    };
    return { tables: [table], data: weights };
  },
};
