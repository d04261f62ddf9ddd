/** Where and with what the numbers were made. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

const PEERS = [
  'uppy-5/node_modules/@uppy/core',
  'uppy-5/node_modules/@uppy/aws-s3',
  '@uppy/core',
  '@uppy/aws-s3',
  '@uppy/dashboard',
  'tus-js-client',
  '@mux/upchunk',
  'filepond',
  '@vaadin/upload',
  'esbuild',
];

const versionOf = (peer: string): string => {
  const [nested, inside] = [`${BENCH}${peer}/package.json`, `${BENCH}node_modules/${peer}/package.json`];
  return JSON.parse(readFileSync(existsSync(nested) ? nested : inside, 'utf8')).version;
};

/** The commit that was measured, if this is a clone; with a plus when files differ from it. */
const commit = (): string => {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: BENCH, encoding: 'utf8' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', '../../src') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
};

export const describeMachine = (browser: string) => ({
  date: new Date().toISOString(),
  commit: commit(),
  node: process.versions.node,
  browser,
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  loadAtStart: loadavg()[0] ?? 0,
  peers: Object.fromEntries(PEERS.map((peer) => [peer.replace('/node_modules/', ' '), versionOf(peer)])),
});
