/**
 * Brings what a command needs and the machine lacks: the packages of the lock file, and the browsers named as arguments.
 * Says what it does; does nothing when all is there. Needs nothing but Node itself.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BROWSERS, findBrowser } from './browsers.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const OLDEST_NODE = [20, 19];

const stop = (message) => {
  console.error(`\n${message}\n`);
  process.exit(1);
};

const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    .status === 0;

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  stop(`Node ${OLDEST_NODE.join('.')} or later is needed; this is ${process.versions.node}.`);
};

const readPackages = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;

/** npm leaves a copy of what it installed; optional packages depend on the platform and are not compared. */
const packagesAreInstalled = () => {
  const record = join('node_modules', '.package-lock.json');
  if (!existsSync(join(ROOT, record))) return false;
  const installed = readPackages(record);
  return Object.entries(readPackages('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
};

const ensurePackages = () => {
  if (packagesAreInstalled()) return;
  console.log('Packages are missing or differ from package-lock.json: running "npm ci" …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installed = npm ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (!installed) stop('"npm ci" failed; its messages are above.');
};

const canUseApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

const instruction = (name) => {
  const { variable, packages } = BROWSERS[name];
  return [
    `The tests need ${name}, and none was found. Either`,
    `  - set ${variable} to the program of an installed one, or`,
    `  - install it, on Debian and Ubuntu: sudo apt-get install ${packages.join(' ')}`,
  ].join('\n');
};

const ensureBrowser = (name) => {
  if (!(name in BROWSERS)) stop(`Unknown browser "${name}"; known: ${Object.keys(BROWSERS).join(', ')}.`);
  if (findBrowser(name) !== undefined) return;
  if (!canUseApt()) stop(instruction(name));
  const { packages } = BROWSERS[name];
  console.log(`No ${name} found: installing ${packages.join(', ')} with apt-get …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
  if (findBrowser(name) === undefined) stop(instruction(name));
};

checkNode();
ensurePackages();
try {
  for (const name of process.argv.slice(2)) ensureBrowser(name);
} catch (error) {
  stop(error.message);
}
