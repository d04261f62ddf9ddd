/** A Worker as wrangler brought it to Cloudflare's API, in the real workerd. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import type { Deployed } from './cloudflare-api.js';
import type { Runtime } from './runtime.js';

/** The part of Miniflare that is used here. */
interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}

export interface Workerd extends Runtime {
  /** Of the process that the bytes pass through. */
  readonly pid: number;
}

/** The one that came with wrangler, which knows the workerd that belongs to it. */
const loadMiniflare = async (application: string): Promise<new (options: object) => Miniflare> => {
  const wrangler = createRequire(join(application, 'package.json')).resolve('wrangler');
  const module = await import(pathToFileURL(createRequire(wrangler).resolve('miniflare')).href);
  return module.Miniflare;
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

const writeAssets = async (assets: Deployed['assets']): Promise<string> => {
  const folder = await makeScratchFolder('assets');
  for (const [path, content] of assets) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
};

/**
 * Runs what was deployed and nothing else. All that it fetches goes to `internet`, an address of this machine.
 * @param application folder in which wrangler is installed.
 */
export const runDeployed = async (deployed: Deployed, application: string, internet: string): Promise<Workerd> => {
  const { mainModule, modules, assetsBinding } = deployed;
  const directory = await writeAssets(deployed.assets);
  const names = [mainModule, ...[...modules.keys()].filter((name) => name !== mainModule)];
  const Miniflare = await loadMiniflare(application);
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    modules: names.map((path) => ({ type: 'ESModule', path, contents: modules.get(path) })),
    compatibilityDate: deployed.compatibilityDate,
    compatibilityFlags: deployed.compatibilityFlags,
    bindings: { ...deployed.vars, ...deployed.secrets },
    assets: {
      directory,
      ...(assetsBinding !== undefined && { binding: assetsBinding }),
      routerConfig: { has_user_worker: true, static_routing: { user_worker: deployed.scriptFirst } },
    },
    outboundService: { external: { address: internet, http: {} } },
  });
  const { port } = await miniflare.ready;
  return {
    url: `http://localhost:${port}`,
    pid: await findWorkerd(process.pid),
    close: async () => {
      await miniflare.dispose();
      await removeScratchFolder(directory);
    },
  };
};
