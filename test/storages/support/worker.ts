/** The gateway over a bucket in a Cloudflare Worker: the sources as a bundler makes one module of them, in the real workerd. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import type { GatewayValues } from './gateway-values.js';

/** Has wrangler in its lock file, and so the workerd that belongs to it. */
const APPLICATION = fileURLToPath(new URL('../../../demo/worker', import.meta.url));

interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}

const loadMiniflare = async (): Promise<new (options: object) => Miniflare> => {
  if (!existsSync(join(APPLICATION, 'node_modules', 'wrangler'))) {
    console.log('workerd is missing: running "npm ci" in demo/worker …');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    const { status } = spawnSync('npm', args, { cwd: APPLICATION, stdio: ['ignore', 'ignore', 'inherit'] });
    assert.equal(status, 0, 'npm ci in demo/worker');
  }
  const wrangler = createRequire(join(APPLICATION, 'package.json')).resolve('wrangler');
  const module = await import(pathToFileURL(createRequire(wrangler).resolve('miniflare')).href);
  return module.Miniflare;
};

/** One module of all that `entry` imports. */
const bundle = async (entry: string): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['es'] } },
  });
  const files = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const [only, ...more] = files.filter((file) => file.type === 'chunk');
  assert.ok(only && more.length === 0, 'the Worker is one module');
  return only.code;
};

export interface Worker {
  /** Where the gateway answers, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param entry path of the Worker's main module. */
export const runWorker = async (entry: string, bindings: Readonly<Record<string, string>>): Promise<Worker> => {
  const [Miniflare, contents] = await Promise.all([loadMiniflare(), bundle(entry)]);
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    modules: [{ type: 'ESModule', path: 'worker.js', contents }],
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['enable_request_signal'],
    bindings,
  });
  const url = await miniflare.ready;
  return { url: url.origin, close: () => miniflare.dispose() };
};

export const startWorker = (values: GatewayValues): Promise<Worker> =>
  runWorker(fileURLToPath(new URL('worker-entry.ts', import.meta.url)), { VALUES: JSON.stringify(values) });
