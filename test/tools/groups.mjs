/** The groups of tests. Each takes the shell to run in and, where it has a choice, the browser; answers the counts. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './shell.mjs';

/** Within the repository, so that compiled tests find its packages. */
const COVERAGE = join(ROOT, 'coverage');
mkdirSync(COVERAGE, { recursive: true });
const scratch = mkdtempSync(join(COVERAGE, 'tests-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
// A signal ends a process without `exit`, unless it is listened to.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

let made = 0;
/** A path in the folder that goes with this process. */
const scratchPath = (suffix = '') => join(scratch, `${++made}${suffix}`);

/** Folders of tests that are groups of their own; all other tests outside a browser are the group `unit`. */
const OWN_GROUPS = ['docs', 'package', 'e2e', 'large', 'runtimes', 'faults', 'storages', 'consumers'];

const NONE = { passed: 0, failed: 0, skipped: 0 };
const PASSED = { ...NONE, passed: 1 };
const FAILED = { ...NONE, failed: 1 };

export const sumOf = (results) =>
  results.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    NONE,
  );

const testFilesBelow = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => `${folder.replace(/\/$/, '')}/${String(name).replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    // The peers that the benchmark installs bring tests of their own, and so do applications.
    .filter((path) => !path.includes('/node_modules/') && !path.startsWith('test/consumers/apps/'))
    .sort();

const isBrowserTest = (path) => path.endsWith('.browser.test.ts');

/** Those that run in Node; what runs in a browser is for another runner. */
const filesBelow = (folder) => testFilesBelow(folder).filter((path) => !isBrowserTest(path));

/** All test files that the paths name. @throws Error for a path that is no test. */
const testsAt = (paths) =>
  paths.flatMap((path) => {
    const found = statSync(join(ROOT, path)).isDirectory() ? testFilesBelow(path) : [path];
    const isTest = found.length > 0 && found.every((file) => file.endsWith('.test.ts'));
    if (!isTest) throw new Error(`No test: ${path}. Name a file that ends in .test.ts, or a folder that holds some.`);
    return found;
  });

/** One command that is right or wrong as a whole. */
const check = async (shell, ...commands) => {
  for (const [command, ...args] of commands) {
    if (!(await shell.run(command, args))) return FAILED;
  }
  return PASSED;
};

/** Runs a test runner that leaves its counts in a file; a runner that dies before it has counted has failed. */
const counted = async (start) => {
  const file = scratchPath('.json');
  const succeeded = await start(file);
  try {
    const counts = JSON.parse(readFileSync(file, 'utf8'));
    return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } catch {
    return FAILED;
  }
};

/** @param {'node' | 'browser'} platform where they will run */
const compileTests = (shell, platform, folder, files) =>
  shell.run(process.execPath, ['test/tools/compile-tests.mjs', platform, folder, ...files]);

const compiledPath = (folder, file) => join(folder, file.replace(/\.ts$/, '.js'));

/** `timeoutMs` holds for each file as a whole. `flags` are further ones of Node's. */
const nodeTests = async (shell, files, { concurrency = 2, timeoutMs = 600_000, env = {}, flags = [] } = {}) => {
  if (files.length === 0) return NONE;
  const folder = scratchPath();
  if (!(await compileTests(shell, 'node', folder, files))) return FAILED;
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./test/tools/count-reporter.mjs', '--test-reporter-destination=stdout'],
  ];
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs}`];
  const compiled = files.map((file) => compiledPath(folder, file));
  const args = ['--enable-source-maps', '--test', ...flags, ...limits, ...reporters, ...compiled];
  return counted((counts) => shell.run(process.execPath, args, { ...env, TEST_COUNTS_FILE: counts }));
};

/** Compiled tests ask for a few modules in place of hundreds; `--watch` runs the sources themselves. */
const browserTests = async (shell, browser, files, isWatching = false) => {
  const folder = scratchPath();
  if (!isWatching && !(await compileTests(shell, 'browser', folder, files))) return FAILED;
  const shown = isWatching ? files : files.map((file) => compiledPath(folder, file));
  const env = { TEST_BROWSER: browser, TEST_FILES: shown.join('\n') };
  const args = ['--config', 'test/web-test-runner.config.js', ...(isWatching ? ['--watch'] : [])];
  return counted((counts) => shell.run('wtr', args, { ...env, TEST_COUNTS_FILE: counts }));
};

/** Only what is named, by the runner that each file needs. */
export const runPaths = async (shell, { paths, browsers, isWatching }) => {
  const files = testsAt(paths);
  const inBrowser = files.filter(isBrowserTest);
  const inNode = files.filter((path) => !isBrowserTest(path));
  const env = { TEST_BROWSER: browsers[0] };
  const results = [];
  // What is watched are the sources, so that they are not compiled beforehand.
  if (isWatching && inNode.length > 0) {
    await shell.run(process.execPath, ['--import', 'tsx', '--test', '--watch', ...inNode], env);
  } else {
    results.push(await nodeTests(shell, inNode, { timeoutMs: 1_200_000, env }));
  }
  for (const browser of inBrowser.length > 0 ? browsers : []) {
    results.push(await browserTests(shell, browser, inBrowser, isWatching));
  }
  return sumOf(results);
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

/**
 * The engine in its simulated world, where the laboratory runs; `npm test` makes do with some hundred. Ten thousand
 * histories in four processes, of which two run at a time.
 */
const SIMULATIONS = [
  { file: 'test/engine/lines/lines.test.ts', env: { LINES_RUNS: '200' } },
  ...Array(4).fill({ file: 'test/engine/simulation/simulation.test.ts', env: { SIMULATION_RUNS: '2500' } }),
];

/** All scenarios and, once, the simulations; then the table of what became of the scenarios. */
const faultScenarios = async (shell, browser) => {
  const [tables, scenarios] = [filesBelow('test/faults/table'), filesBelow('test/faults/scenarios')];
  rmSync(join(COVERAGE, 'faults', browser), { recursive: true, force: true });
  const simulations = browser === 'chromium' ? SIMULATIONS : [];
  const env = { TEST_BROWSER: browser };
  // Scenarios cut connections and kill browsers: what lingers of them must not hold the run once all is told.
  const options = { timeoutMs: 1_200_000, flags: ['--test-force-exit'] };
  const runs = [...simulations, ...scenarios.map((file) => ({ file, env: {} }))];
  const results = await inPairs(
    runs.map((run) => () => nodeTests(shell, [run.file], { ...options, env: { ...env, ...run.env } })),
  );
  return sumOf([...results, await nodeTests(shell, tables, { env })]);
};

export const GROUPS = {
  types: (shell) =>
    check(
      shell,
      ['tsc', '-p', 'tsconfig.json'],
      ['tsc', '-p', 'src/engine/tsconfig.json'],
      ['tsc', '-p', 'src/server/tsconfig.json'],
    ),
  lint: (shell) => check(shell, ['biome', 'check', '--config-path=test/biome.json', '.']),
  unit: (shell) => {
    const isOfOwnGroup = (path) => OWN_GROUPS.some((group) => path.startsWith(`test/${group}/`));
    return nodeTests(
      shell,
      filesBelow('test').filter((path) => !isOfOwnGroup(path)),
    );
  },
  browser: (shell, browser) => browserTests(shell, browser, testFilesBelow('test').filter(isBrowserTest)),
  build: (shell) => check(shell, ['npm', 'run', 'build']),
  docs: async (shell, browser) => {
    if (!(await shell.run('npm', ['run', 'docs']))) return FAILED;
    const options = { timeoutMs: 600_000, flags: ['--test-force-exit'], env: { TEST_BROWSER: browser } };
    return nodeTests(shell, filesBelow('test/docs'), options);
  },
  package: (shell) => nodeTests(shell, filesBelow('test/package')),
  e2e: (shell, browser) =>
    nodeTests(shell, filesBelow('test/e2e'), { concurrency: 2, timeoutMs: 1_200_000, env: { TEST_BROWSER: browser } }),
  faults: (shell, browser) => faultScenarios(shell, browser),
  large: (shell) => nodeTests(shell, filesBelow('test/large'), { concurrency: 1, timeoutMs: 1_200_000 }),
  storages: (shell) => nodeTests(shell, filesBelow('test/storages'), { concurrency: 1, timeoutMs: 1_200_000 }),
  runtimes: (shell) => nodeTests(shell, filesBelow('test/runtimes'), { concurrency: 1, timeoutMs: 900_000 }),
  consumers: (shell) => nodeTests(shell, filesBelow('test/consumers'), { concurrency: 2, timeoutMs: 1_200_000 }),
};

/**
 * Those of `npm test`. Lists run side by side, the groups of each list one after another: `package` uses what `build`
 * leaves. A third list would take more processor time than the waits of the others leave, on a machine of two cores.
 */
export const DEFAULT_LANES = [
  ['build', 'types', 'lint', 'unit', 'package'],
  ['browser', 'e2e'],
];
/** What is run when only browsers are named. */
export const BROWSER_GROUPS = ['browser', 'e2e', 'docs'];
/** Run in each browser that is named. */
export const PER_BROWSER = [...BROWSER_GROUPS, 'faults'];
