/** Tests of scenarios: each gets a bench of its own, ends with the oracle, and leaves its outcome for the table. */

import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { BROWSER } from '../../support/browsers/browser-name.js';
import { CannotRun } from '../../support/browsers/cannot-run.js';
import { startBrowser } from '../../support/browsers/start-browser.js';
import type { BrowserDriver } from '../../support/browsers/tab-driver.js';
import { Bench, type BenchOptions } from './bench.js';
import { LabServer } from './lab-server.js';
import { assertOracle, type Expectation } from './oracle.js';
import { OUTCOMES_FILE, type Outcome } from './outcomes.js';
import { SCENARIOS, type ScenarioId } from './scenarios.js';

/**
 * What a scenario does. It answers with what must be true in the end, or with null where it has looked itself.
 * @throws CannotRun
 */
export type Run = (bench: Bench, context: TestContext) => Promise<Expectation | null>;

/** Most scenarios of a file at once: nearly all of them wait most of the time. */
const AT_ONCE = Number(process.env.FAULTS_AT_ONCE ?? (BROWSER === 'webkit' ? 2 : 4));
/** Long, because machines of tests are slow and shared; a wait that is in vain ends much sooner. */
const TIMEOUT_MS = 600_000;

export interface Laboratory {
  /** A page's visitor in the browser that all scenarios of the file share. */
  readonly scenario: (id: ScenarioId, run: Run, options?: BenchOptions, detail?: string) => void;
  readonly bench: (options?: BenchOptions) => Promise<Bench>;
}

/** A group of scenarios that share a browser and the server of the page. */
export const laboratory = (
  title: string,
  define: (laboratory: Laboratory) => void,
  { flags = [], atOnce = AT_ONCE }: { readonly flags?: readonly string[]; readonly atOnce?: number } = {},
): void => {
  describe(title, { concurrency: atOnce }, () => {
    let server: LabServer;
    let browser: BrowserDriver;
    before(async () => {
      server = await LabServer.start();
      browser = await startBrowser(flags);
    });
    after(async () => {
      await server?.close();
      await browser?.close();
    });
    const bench = (options: BenchOptions = {}): Promise<Bench> =>
      Bench.start(server, () => browser.newVisitor(), options);
    const scenario: Laboratory['scenario'] = (id, run, options, detail) => {
      const name = `${id} ${SCENARIOS[id]}${detail === undefined ? '' : `: ${detail}`}`;
      it(name, { timeout: TIMEOUT_MS }, (context) => conduct(id, () => bench(options), run, context));
    };
    define({ scenario, bench });
  });
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? '';

const conduct = async (
  id: ScenarioId,
  makeBench: () => Promise<Bench>,
  run: Run,
  context: TestContext,
): Promise<void> => {
  const startedAt = performance.now();
  const leaveAs = (outcome: Outcome['outcome'], reason: string): Promise<void> =>
    leave({ id, name: context.name, outcome, reason, seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
  const attempt = async (): Promise<string> => {
    const bench = await makeBench();
    try {
      const result = await run(bench, context);
      if (result !== null) await assertOracle(bench, result);
      return bench.figures;
    } finally {
      await bench.close();
    }
  };
  try {
    await leaveAs('pass', await attempt());
  } catch (error) {
    if (error instanceof CannotRun) {
      await leaveAs('cannot run', error.message);
      context.skip(error.message);
      return;
    }
    await leaveAs('FAIL', firstLine(error));
    throw error;
  }
};

const leave = async (outcome: Outcome): Promise<void> => {
  await mkdir(dirname(OUTCOMES_FILE), { recursive: true });
  await appendFile(OUTCOMES_FILE, `${JSON.stringify(outcome)}\n`);
};
