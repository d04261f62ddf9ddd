/**
 * Component, transport and store tests in a real browser: `TEST_BROWSER=chromium|firefox|webkit` (default `chromium`).
 * One file at a time, because files of one origin share IndexedDB, locks and focus.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter, summaryReporter } from '@web/test-runner';
import { chordPlugin } from './support/chord-plugin.js';
import { forcedColorsPlugin } from './support/forced-colors-plugin.js';
import { pointerPlugin } from './support/pointer-plugin.js';
import { launchBrowser } from './tools/launchers.mjs';

const ROOT = new URL('../', import.meta.url);

/** Leaves `{passed, failed, skipped}` where the run that sums all groups looks for it. */
const countReporter = (file) => ({
  stop({ sessions }) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const visit = (suite) => {
      for (const test of suite.tests) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
      suite.suites.forEach(visit);
    };
    for (const session of sessions) {
      if (session.testResults) visit(session.testResults);
      if (!session.passed && session.errors.length > 0) counts.failed += 1;
    }
    writeFileSync(file, JSON.stringify(counts));
  },
});

/** Routes that take and give real bytes; a service worker would hide upload progress. */
const bytesServer = async () => {
  const path = new URL('support/bytes-server-plugin.js', import.meta.url);
  return existsSync(path) ? [(await import(path)).bytesServerPlugin()] : [];
};

/** A worker is asked for by URL, which names its file as built; only imports are led to the source. */
const toSource = (context, next) => {
  context.url = context.url.replace(/(hash-worker)\.js/, '$1.ts');
  return next();
};

const { TEST_COUNTS_FILE: countsFile, TEST_FILES: files, TEST_BROWSER: browser = 'chromium' } = process.env;

export default {
  rootDir: new URL('.', ROOT).pathname,
  files: files?.split('\n') ?? [new URL('test/**/*.browser.test.ts', ROOT).pathname, '!**/node_modules/**'],
  hostname: 'localhost',
  nodeResolve: true,
  concurrency: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 240_000,
  middleware: [toSource],
  browsers: [await launchBrowser(browser)],
  plugins: [
    ...(await bytesServer()),
    chordPlugin(),
    forcedColorsPlugin(),
    pointerPlugin(),
    esbuildPlugin({ ts: true, tsconfig: new URL('tsconfig.json', ROOT).pathname, target: 'es2022' }),
  ],
  testFramework: { config: { timeout: 60_000 } },
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  reporters: [
    summaryReporter({ flatten: true }),
    defaultReporter({ reportTestResults: true, reportTestProgress: false }),
    ...(countsFile ? [countReporter(countsFile)] : []),
  ],
};
