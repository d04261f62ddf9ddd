/** What the engine itself costs the page for each of thousands of files: no network, no disk. */

import type { Entry, Lab } from '../support/lab.js';
import { TaskTrace } from '../support/page-cost.js';
import { PROFILES } from '../support/profile.js';
import { sendLoad } from '../support/send.js';
import { median } from '../support/statistics.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const ENTRY: Entry = { id: 'engine-alone', title: 'engine alone', page: 'engine-alone', variant: '' };
const MAX_MS = 120_000;
/** Milliseconds of the main thread that a file may cost, and how much more among thousands than among a thousand. */
const GOAL_MS = 0.5;
const GOAL_GROWTH = 1.25;

interface AloneRun {
  readonly count: number;
  readonly msAFile: number;
  readonly longestMs: number;
}

export interface AloneOutcome {
  readonly count: number;
  readonly msAFile: number;
  /** Of the milliseconds a file among the fewest. */
  readonly growth: number;
  readonly longestTaskMs: number;
  readonly goalMs: number;
  readonly isMet: boolean;
}

const runOnce = async (lab: Lab, count: number): Promise<AloneRun> => {
  const browser = await lab.browser();
  try {
    const page = await lab.visit(browser, ENTRY, PROFILES.P0);
    const stopTrace = await TaskTrace.start(page);
    await sendLoad(lab, page, { count, size: 1_000 }, MAX_MS);
    const { totalMs, longestMs } = (await stopTrace()).between('bench:sent', 'bench:stored');
    return { count, msAFile: totalMs / count, longestMs };
  } finally {
    await browser.close();
  }
};

export const engineAlone: Scenario = {
  id: 'engine-alone',
  title: 'the engine alone',
  run: async (lab: Lab, { quick, repeats }: ScenarioOptions) => {
    const counts = quick ? [500, 2_000] : [1_000, 10_000];
    const runs: AloneRun[] = [];
    for (let round = 0; round < repeats; round += 1) for (const count of counts) runs.push(await runOnce(lab, count));
    const middle = (count: number, read: (run: AloneRun) => number) =>
      median(runs.filter((run) => run.count === count).map(read));
    const [few = 0] = counts;
    const reached = counts.map((count): AloneOutcome => {
      const msAFile = middle(count, (run) => run.msAFile);
      const growth = msAFile / middle(few, (run) => run.msAFile);
      const isMet = msAFile <= GOAL_MS && growth <= GOAL_GROWTH;
      return { count, msAFile, growth, longestTaskMs: middle(count, (run) => run.longestMs), goalMs: GOAL_MS, isMet };
    });
    const rows = reached.map(({ count, msAFile, growth, longestTaskMs, isMet }) => [
      `${count} files`,
      msAFile.toFixed(2),
      `${GOAL_MS}`,
      growth.toFixed(2),
      longestTaskMs.toFixed(0),
      isMet ? 'yes' : 'NO',
    ]);
    const table = {
      title: 'The engine alone: requests are answered at once, nothing is kept',
      columns: ['load', 'ms a file', 'goal', `of ${few} files`, 'longest task ms', 'met'],
      rows,
      notes: ["ms a file: the main thread's own work, from the choice to the last event."],
    };
    return { tables: [table], data: { runs, reached } };
  },
};
