/** The Worker of `demo/worker` in the real workerd, bundled and configured as wrangler does it. */

import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { build } from 'vite';
import { ROOT, type Runtime, type Storage, settings } from './runtime.js';

const WORKER = join(ROOT, 'demo', 'worker');

/** wrangler's configuration is JSON with comments on lines of their own. */
const readConfig = (): { compatibility_date: string } =>
  JSON.parse(readFileSync(join(WORKER, 'wrangler.jsonc'), 'utf8').replace(/^\s*\/\/.*$/gm, ''));

const bundle = async (outDir: string): Promise<string> => {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: ROOT,
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      lib: { entry: join(WORKER, 'worker.js'), formats: ['es'], fileName: 'worker' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  return readFile(join(outDir, 'worker.js'), 'utf8');
};

/** The process that `parent` started most recently and whose program is workerd. */
const findWorkerd = async (parent: number): Promise<number> => {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ').map(Number);
  const named = await Promise.all(
    children.map(async (pid) => [pid, await readFile(`/proc/${pid}/comm`, 'utf8')] as const),
  );
  const [pid] = named.filter(([, name]) => name.startsWith('workerd')).at(-1) ?? [];
  if (pid === undefined) throw new Error('workerd is not among the child processes');
  return pid;
};

export const startWorkerd = async (storage: Storage): Promise<Runtime> => {
  const folder = await mkdtemp(join(tmpdir(), 'fastio-upload-worker-'));
  const script = await bundle(join(folder, 'bundle'));
  const assets = join(folder, 'public');
  await cp(join(WORKER, 'public'), assets, { recursive: true });
  const scripts = join(ROOT, 'dist', 'cdn');
  for (const name of await readdir(scripts)) await cp(join(scripts, name), join(assets, 'assets', name));
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    modules: true,
    script,
    compatibilityDate: readConfig().compatibility_date,
    bindings: settings(storage),
    assets: {
      directory: assets,
      binding: 'ASSETS',
      routerConfig: { has_user_worker: true, static_routing: { user_worker: ['/api/*'] } },
    },
  });
  const { port } = await miniflare.ready;
  return {
    url: `http://localhost:${port}`,
    pid: await findWorkerd(process.pid),
    close: async () => {
      await miniflare.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
