/**
 * Runs the groups of tests one after another, and ends with the sum of all: `N passed, N failed, N skipped`.
 *
 *   node test/tools/run.mjs [--browsers chromium,firefox,webkit] [--watch] [group or path …]
 *
 * Without groups it runs the ones of `npm test`; with browsers named, those that need a browser. A path names a test file,
 * or a folder whose test files are all meant; `--watch` runs them again whenever a file that they import is saved. A group that runs no
 * test has failed. With `TEST_SECOND_RUN=1` in the environment, as on machines that others slow down, files that failed
 * run once more, alone, and it is said which; each test then counts as it ended last.
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const scratch = mkdtempSync(join(tmpdir(), 'fastio-upload-tests-'));

/** Folders of tests that are groups of their own; all other tests outside a browser are the group `unit`. */
const OWN_GROUPS = ['docs', 'package', 'e2e', 'large', 'runtimes', 'faults', 'storages', 'consumers'];

const run = (command, args, env = {}) =>
  new Promise((resolve) => {
    const path = `${BIN}${delimiter}${process.env.PATH ?? ''}`;
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env, PATH: path },
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });

const testFilesBelow = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => `${folder.replace(/\/$/, '')}/${String(name).replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    // The peers that the benchmark installs bring tests of their own, and so do applications.
    .filter((path) => !path.includes('/node_modules/') && !path.startsWith('test/consumers/apps/'))
    .sort();

/** Those that run in Node; what runs in a browser is for another runner. */
const filesBelow = (folder) => testFilesBelow(folder).filter((path) => !isBrowserTest(path));

/** One command that is right or wrong as a whole. */
const check = async (commands) => {
  for (const [command, ...args] of commands) {
    if (!(await run(command, args))) return { passed: 0, failed: 1, skipped: 0 };
  }
  return { passed: 1, failed: 0, skipped: 0 };
};

/** Runs a test runner that leaves its counts in a file; a runner that dies before it has counted has failed. */
const countOnce = async (start) => {
  const file = join(scratch, `${process.hrtime.bigint()}.json`);
  const succeeded = await start(file);
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    const silent = !succeeded && counts.failed === 0;
    return silent ? { ...counts, failed: 1 } : counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failedFiles: [] };
  }
};

/** `start` takes the file for the counts, and the test files to run when they are not all. */
const counted = async (start) => {
  const first = await countOnce((file) => start(file));
  if (first.failedFiles.length === 0 || process.env.TEST_SECOND_RUN !== '1') return first;
  console.log(`\nSecond run of ${first.failedFiles.join(', ')}`);
  const { failed } = await countOnce((file) => start(file, first.failedFiles));
  return { ...first, passed: first.passed + Math.max(0, first.failed - failed), failed };
};

/** `timeoutMs` holds for each file as a whole. `flags` are further ones of Node's. */
const nodeTests = (files, { concurrency = 2, timeoutMs = 240_000, env = {}, flags = [] } = {}) => {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  return counted((counts, again) => {
    const reporters = [
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=./test/tools/count-reporter.mjs', '--test-reporter-destination=stdout'],
    ];
    const limits = [`--test-concurrency=${again ? 1 : concurrency}`, `--test-timeout=${timeoutMs}`];
    // What a helper declares outside of a suite is reported under the helper's name; of one file it is known where it stands.
    const chosen = again && files.length > 1 ? again : files;
    const args = ['--import', 'tsx', '--test', ...flags, ...limits, ...reporters, ...chosen];
    return run(process.execPath, args, { ...env, TEST_COUNTS_FILE: counts });
  });
};

/** Of the engine in its simulated world, where the laboratory runs; `npm test` makes do with some hundred. */
const HISTORIES = { SIMULATION_RUNS: '10000' };

const isFolder = (path) => statSync(join(ROOT, path)).isDirectory();

const isBrowserTest = (path) => path.endsWith('.browser.test.ts');

/** All test files that the paths name. @throws Error for a path that is no test. */
const testsAt = (paths) =>
  paths.flatMap((path) => {
    const found = isFolder(path) ? testFilesBelow(path) : [path];
    const isTest = found.length > 0 && found.every((file) => file.endsWith('.test.ts'));
    if (!isTest) throw new Error(`No test: ${path}. Name a file that ends in .test.ts, or a folder that holds some.`);
    return found;
  });

/** Only what is named, by the runner that each file needs. */
const runPaths = async (paths, browsers, isWatching) => {
  const files = testsAt(paths);
  const inBrowser = files.filter(isBrowserTest);
  const inNode = files.filter((path) => !isBrowserTest(path));
  const results = [];
  if (isWatching && inNode.length > 0) {
    await run(process.execPath, ['--import', 'tsx', '--test', '--watch', ...inNode], { TEST_BROWSER: browsers[0] });
  } else if (inNode.length > 0) {
    results.push(await nodeTests(inNode, { timeoutMs: 1_200_000, env: { TEST_BROWSER: browsers[0] } }));
  }
  for (const browser of inBrowser.length > 0 ? browsers : []) {
    const env = { TEST_BROWSER: browser, TEST_FILES: inBrowser.join('\n') };
    const args = ['--config', 'test/web-test-runner.config.js', ...(isWatching ? ['--watch'] : [])];
    results.push(await counted((counts) => run('wtr', args, { ...env, TEST_COUNTS_FILE: counts })));
  }
  return results;
};

/** Runs tasks two at a time; their results in any order. */
const inPairs = async (tasks) => {
  const waiting = tasks.values();
  const results = [];
  const work = async () => {
    for (const task of waiting) results.push(await task());
  };
  await Promise.all([work(), work()]);
  return results;
};

/** All scenarios and, once, the simulation; then the table of what became of the scenarios. */
const faultScenarios = async (browser) => {
  const [tables, scenarios] = [filesBelow('test/faults/table'), filesBelow('test/faults/scenarios')];
  rmSync(join(ROOT, 'coverage', 'faults', browser), { recursive: true, force: true });
  const files = browser === 'chromium' ? ['test/engine/simulation/simulation.test.ts', ...scenarios] : scenarios;
  const env = { TEST_BROWSER: browser };
  // Scenarios cut connections and kill browsers: what lingers of them must not hold the run once all is told.
  const options = { timeoutMs: 1_200_000, env: { ...env, ...HISTORIES }, flags: ['--test-force-exit'] };
  const results = await inPairs(files.map((file) => () => nodeTests([file], options)));
  results.push(await nodeTests(tables, { env }));
  const sumOf = (field) => results.reduce((total, counts) => total + counts[field], 0);
  return { passed: sumOf('passed'), failed: sumOf('failed'), skipped: sumOf('skipped') };
};

const GROUPS = {
  types: () =>
    check([
      ['tsc', '-p', 'tsconfig.json'],
      ['tsc', '-p', 'src/engine/tsconfig.json'],
      ['tsc', '-p', 'src/server/tsconfig.json'],
    ]),
  lint: () => check([['biome', 'check', '--config-path=test/biome.json', '.']]),
  unit: () =>
    nodeTests(filesBelow('test').filter((path) => !OWN_GROUPS.some((group) => path.startsWith(`test/${group}/`)))),
  browser: (browser) =>
    counted((counts, again) =>
      run('wtr', ['--config', 'test/web-test-runner.config.js'], {
        TEST_BROWSER: browser,
        TEST_COUNTS_FILE: counts,
        ...(again && { TEST_FILES: again.join('\n') }),
      }),
    ),
  build: () => check([['npm', 'run', 'build']]),
  docs: async () => {
    if (!(await run('npm', ['run', 'docs']))) return { passed: 0, failed: 1, skipped: 0 };
    return nodeTests(filesBelow('test/docs'), { timeoutMs: 600_000, flags: ['--test-force-exit'] });
  },
  package: () => nodeTests(filesBelow('test/package')),
  e2e: (browser) =>
    nodeTests(filesBelow('test/e2e'), { concurrency: 1, timeoutMs: 480_000, env: { TEST_BROWSER: browser } }),
  faults: (browser) => faultScenarios(browser),
  large: () => nodeTests(filesBelow('test/large'), { concurrency: 1, timeoutMs: 1_200_000 }),
  storages: () => nodeTests(filesBelow('test/storages'), { concurrency: 1, timeoutMs: 480_000 }),
  runtimes: () => nodeTests(filesBelow('test/runtimes'), { concurrency: 1, timeoutMs: 900_000 }),
  consumers: () => nodeTests(filesBelow('test/consumers'), { concurrency: 2, timeoutMs: 480_000 }),
};

const DEFAULT_GROUPS = ['types', 'lint', 'unit', 'browser', 'build', 'package', 'e2e'];
const BROWSER_GROUPS = ['browser', 'e2e'];
/** Run in each browser that is named. */
const PER_BROWSER = [...BROWSER_GROUPS, 'faults'];

const readArguments = () => {
  const { values, positionals } = parseArgs({
    options: { browsers: { type: 'string', default: '' }, watch: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const browsers = values.browsers.split(',').filter((name) => name !== '');
  const paths = positionals.filter((name) => !(name in GROUPS) && existsSync(join(ROOT, name)));
  const chosen = { browsers: browsers.length > 0 ? browsers : ['chromium'], paths, isWatching: values.watch };
  if (paths.length > 0 && paths.length === positionals.length) return { ...chosen, groups: [] };
  const groups = positionals.length > 0 ? positionals : browsers.length > 0 ? BROWSER_GROUPS : DEFAULT_GROUPS;
  const unknown = groups.filter((name) => !(name in GROUPS));
  if (unknown.length > 0) {
    console.error(`Neither a group nor a test: ${unknown.join(', ')}. Groups: ${Object.keys(GROUPS).join(', ')}.`);
    process.exit(2);
  }
  return { ...chosen, groups };
};

const runGroup = async (name, browser) => {
  const title = PER_BROWSER.includes(name) ? `${name} in ${browser}` : name;
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 60 - title.length))}`);
  const startedAt = performance.now();
  const counts = await GROUPS[name](browser);
  const isEmpty = counts.passed + counts.failed === 0;
  if (isEmpty) console.error(`The group "${title}" ran no test.`);
  const result = { ...counts, failed: counts.failed + (isEmpty ? 1 : 0) };
  return { title, ...result, seconds: (performance.now() - startedAt) / 1000 };
};

const { browsers, groups, paths, isWatching } = readArguments();
const results = [];
for (const counts of paths.length > 0 ? await runPaths(paths, browsers, isWatching) : []) {
  results.push({ title: 'named tests', ...counts, seconds: 0 });
}
for (const name of groups) {
  const targets = PER_BROWSER.includes(name) ? browsers : ['chromium'];
  for (const browser of targets) results.push(await runGroup(name, browser));
}
rmSync(scratch, { recursive: true, force: true });

const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log('');
for (const { title, passed, failed, skipped, seconds } of paths.length > 0 ? [] : results) {
  console.log(
    `${failed > 0 ? '✗' : '✓'} ${title.padEnd(24)} ${passed} / ${failed} / ${skipped}  ${seconds.toFixed(1)} s`,
  );
}
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
