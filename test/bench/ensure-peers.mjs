/** Brings the peers that the benchmark measures, as the lock file beside this names them. Says what it does. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

const readPackages = (path) => JSON.parse(readFileSync(FOLDER + path, 'utf8')).packages;

/** npm leaves a copy of what it installed; optional packages depend on the platform and are not compared. */
const areInstalled = () => {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(FOLDER + record)) return false;
  const installed = readPackages(record);
  const isOurs = (path) => path === '' || path === 'uppy-5';
  return Object.entries(readPackages('package-lock.json')).every(
    ([path, { version, optional }]) => isOurs(path) || optional || installed[path]?.version === version,
  );
};

if (!areInstalled()) {
  console.log('The peers are missing or differ from their lock file: running "npm ci" in test/bench …');
  const npm = process.env.npm_execpath;
  // Started by npm, this runs with the root package as npm's idea of the project; the folder is said anew.
  const args = ['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...rest] = npm ? [process.execPath, npm, ...args] : ['npm', ...args];
  const { status } = spawnSync(command, rest, { cwd: FOLDER, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error('"npm ci" in test/bench failed; its messages are above.');
    process.exit(1);
  }
}
