/**
 * Runs groups of tests, and ends with the sum of all: `N passed, N failed, N skipped`.
 *
 *   node test/tools/run.mjs [--browsers chromium,firefox,webkit] [--watch] [group or path …]
 *
 * Without groups it runs those of `npm test`, some of them side by side; with browsers named, those that need a browser.
 * Groups that are named run one after another. A path names a test file, or a folder whose test files are all meant;
 * `--watch` runs them again whenever a file that they import is saved. A group that runs no test has failed.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BROWSER_GROUPS, DEFAULT_LANES, GROUPS, PER_BROWSER, runPaths, sumOf } from './groups.mjs';
import { ROOT, Shell } from './shell.mjs';

const readArguments = () => {
  const { values, positionals } = parseArgs({
    options: { browsers: { type: 'string', default: '' }, watch: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const browsers = values.browsers.split(',').filter((name) => name !== '');
  const paths = positionals.filter((name) => !(name in GROUPS) && existsSync(join(ROOT, name)));
  const chosen = { browsers: browsers.length > 0 ? browsers : ['chromium'], paths, isWatching: values.watch };
  if (paths.length > 0 && paths.length === positionals.length) return { ...chosen, lanes: [] };
  const unknown = positionals.filter((name) => !(name in GROUPS));
  if (unknown.length > 0) {
    console.error(`Neither a group nor a test: ${unknown.join(', ')}. Groups: ${Object.keys(GROUPS).join(', ')}.`);
    process.exit(2);
  }
  if (positionals.length > 0) return { ...chosen, lanes: [positionals] };
  return { ...chosen, lanes: browsers.length > 0 ? [BROWSER_GROUPS] : DEFAULT_LANES };
};

const titleOf = (name, browser) => (PER_BROWSER.includes(name) ? `${name} in ${browser}` : name);

const heading = (title) => `\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}`;

const lineOf = ({ title, passed, failed, skipped, seconds }) =>
  `${failed > 0 ? '✗' : '✓'} ${title.padEnd(24)} ${passed} / ${failed} / ${skipped}  ${seconds.toFixed(1)} s`;

/** Titles of the groups that run now. */
const running = new Set();

/** @param {boolean} isAlone whether what it prints may be shown as it comes */
const runGroup = async (name, browser, isAlone) => {
  const title = titleOf(name, browser);
  const shell = new Shell(isAlone);
  running.add(title);
  console.log(isAlone ? heading(title) : `▸ running ${[...running].join(', ')}`);
  const startedAt = performance.now();
  const counts = await GROUPS[name](shell, browser);
  const isEmpty = counts.passed + counts.failed === 0;
  if (isEmpty) shell.say(`The group "${title}" ran no test.`);
  const seconds = (performance.now() - startedAt) / 1000;
  const result = { title, ...counts, failed: counts.failed + (isEmpty ? 1 : 0), seconds };
  running.delete(title);
  if (!isAlone) console.log(`${heading(title)}\n${shell.gathered}${lineOf(result)}\n`);
  return result;
};

/** The groups of each lane one after another, each in every browser that it is meant for; lanes side by side. */
const runLanes = async (lanes, browsers) => {
  const runLane = async (groups) => {
    const results = [];
    for (const name of groups) {
      for (const browser of PER_BROWSER.includes(name) ? browsers : ['chromium']) {
        results.push(await runGroup(name, browser, lanes.length === 1));
      }
    }
    return results;
  };
  return (await Promise.all(lanes.map(runLane))).flat();
};

const { lanes, ...chosen } = readArguments();
const startedAt = performance.now();
const results = await (lanes.length > 0 ? runLanes(lanes, chosen.browsers) : [await runPaths(new Shell(true), chosen)]);
console.log('');
if (lanes.length > 0) {
  for (const result of results) console.log(lineOf(result));
  console.log(`${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes`);
}
const { passed, failed, skipped } = sumOf(results);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
