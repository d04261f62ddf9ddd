/** Measures how long contenders take to send the same files over the same line, in rounds of random order. */

import { loadavg } from 'node:os';
import type { Page } from 'puppeteer-core';
import { type Entry, explain, type Lab } from './lab.js';
import { type TaskCost, TaskTrace } from './page-cost.js';
import type { Profile } from './profile.js';
import type { SinkCounts } from './sink.js';
import { median, type Summary, shuffled, summarize } from './statistics.js';
import type { Table } from './table.js';

export interface TransferPlan {
  readonly lab: Lab;
  readonly line: Profile;
  readonly entries: readonly Entry[];
  /** Ids of the entries whose best median is the limit that all are held against. */
  readonly references: readonly string[];
  readonly repeats: number;
  /** Sends from the page that is ready, and answers with the milliseconds to the server's confirmation. */
  readonly send: (page: Page) => Promise<number>;
  /** The first run is not counted. @default true */
  readonly isWarmedUp?: boolean;
  /** Also tells what the page's main thread did between the marks of `sendLoad`. @default false */
  readonly isTraced?: boolean;
}

export interface TransferRun {
  readonly id: string;
  readonly ms: number;
  readonly counts: SinkCounts;
  /** Null unless the plan is traced. */
  readonly tasks: TaskCost | null;
  /** Share of one core that servers and line took, whatever the contender. */
  readonly serverCpu: number;
  readonly load: number;
}

export interface TransferResult {
  readonly id: string;
  readonly title: string;
  readonly ms: Summary;
  /** Time of the limit divided by this time: 1 is the limit, and more is better. */
  readonly ratio: Summary;
  readonly requests: number;
  readonly preflights: number;
}

export interface TransferResults {
  readonly line: string;
  readonly results: readonly TransferResult[];
  readonly runs: readonly TransferRun[];
  readonly failures: readonly { readonly id: string; readonly message: string }[];
}

export const measureTransfers = async (plan: TransferPlan): Promise<TransferResults> => {
  const { lab, line, entries, repeats, isWarmedUp = true } = plan;
  const browser = await lab.browser();
  const runs: TransferRun[] = [];
  const failures: { id: string; message: string }[] = [];
  try {
    const [first] = entries;
    // The first run warms up the browser, the servers and the disk's cache; its time does not count.
    if (first !== undefined && isWarmedUp) await runOnce(plan, browser, first);
    for (let round = 0; round < repeats; round += 1) {
      // One that failed is not asked again: its next run would say the same, and take its time.
      for (const entry of shuffled(entries).filter(({ id }) => !failures.some((failure) => failure.id === id))) {
        try {
          runs.push(await runOnce(plan, browser, entry));
        } catch (error) {
          failures.push({ id: entry.id, message: explain(error) });
        }
      }
    }
  } finally {
    await browser.close();
  }
  return { line: line.id, results: compare(plan, runs), runs, failures };
};

type Browser = Awaited<ReturnType<Lab['browser']>>;

const runOnce = async (
  { lab, line, send, isTraced = false }: TransferPlan,
  browser: Browser,
  entry: Entry,
): Promise<TransferRun> => {
  const page = await lab.visit(browser, entry, line);
  try {
    const stopTrace = isTraced ? await TaskTrace.start(page) : null;
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const ms = await send(page);
    const { user, system } = process.cpuUsage(cpu);
    const serverCpu = (user + system) / 1000 / (performance.now() - startedAt);
    const tasks = (await stopTrace?.())?.between('bench:sent', 'bench:stored') ?? null;
    return { id: entry.id, ms, counts: { ...lab.site.sink.counts }, tasks, serverCpu, load: loadavg()[0] ?? 0 };
  } finally {
    await page.browserContext().close();
    await lab.site.clear();
  }
};

const compare = ({ entries, references }: TransferPlan, runs: readonly TransferRun[]): TransferResult[] => {
  const timesOf = (id: string) => runs.filter((run) => run.id === id).map(({ ms }) => ms);
  const limit = Math.min(...references.map((id) => median(timesOf(id))).filter(Number.isFinite));
  return entries
    .filter(({ id }) => timesOf(id).length > 0)
    .map(({ id, title }) => {
      const times = timesOf(id);
      const counts = runs.filter((run) => run.id === id).map((run) => run.counts);
      return {
        id,
        title,
        ms: summarize(times),
        ratio: summarize(times.map((ms) => limit / ms)),
        requests: median(counts.map(({ requests }) => requests)),
        preflights: median(counts.map(({ preflights }) => preflights)),
      };
    });
};

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

export const transferTable = (title: string, { results, runs, failures }: TransferResults): Table => {
  const serverCpu = Math.max(0, ...runs.map((run) => run.serverCpu));
  const load = Math.max(0, ...runs.map((run) => run.load));
  return {
    title,
    columns: ['sender', 'seconds', 'spread', 'ratio', 'spread', 'runs', 'requests', 'preflights'],
    rows: results.map(({ title: sender, ms, ratio, requests, preflights }) => [
      sender,
      seconds(ms.median),
      `${seconds(ms.lowest)}–${seconds(ms.highest)}`,
      ...(Number.isFinite(ratio.median)
        ? [ratio.median.toFixed(2), `${ratio.lowest.toFixed(2)}–${ratio.highest.toFixed(2)}`]
        : ['—', '—']),
      String(ms.runs),
      String(requests),
      String(preflights),
    ]),
    notes: [
      'ratio: time of the limit (best reference) divided by the time; 1.00 is the limit, more is better.',
      'requests and preflights are those that the sink saw; the gateway and its storage count their own.',
      `servers and line took at most ${(serverCpu * 100).toFixed(0)} % of one core; load average at most ${load.toFixed(1)}.`,
      ...failures.map(({ id, message }) => `FAILED ${id}: ${message}`),
    ],
  };
};
