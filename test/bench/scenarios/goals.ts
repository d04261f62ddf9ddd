/**
 * The speeds that this project holds itself to. Each load is held against its floor: the best hand-written loop that makes
 * the same requests, measured in the same run. What a goal asks and what was reached stand side by side, lost rows included.
 */

import type { Lab } from '../support/lab.js';
import type { Profile } from '../support/profile.js';
import { type Load, sendLoad } from '../support/send.js';
import { median } from '../support/statistics.js';
import type { Table } from '../support/table.js';
import { measureTransfers, type TransferResults, transferTable } from '../support/transfer.js';
import { GOALS, type Goal } from './goal-list.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

/** Twice what the line needs, and time to begin. */
const longestFor = ({ linkRate, connectionRate }: Profile, { count, size }: Load): number =>
  60_000 + ((2 * count * size) / Math.min(linkRate, connectionRate)) * 1000;

const nameOf = ({ title }: Goal, { count, size }: Load, line: Profile): string =>
  `${count === 1 ? `${size / 2 ** 20} MiB` : `${count} files of ${size / 1000} kB`} ${title}; ${line.title}`;

const figure = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '—');

interface Reached {
  readonly row: readonly string[];
  readonly table: Table;
  readonly data: unknown;
}

const mainThread = (
  { runs }: TransferResults,
  id: string,
): { readonly totalMs: number; readonly longestMs: number } => {
  const tasks = runs.filter((run) => run.id === id).map((run) => run.tasks);
  return {
    totalMs: median(tasks.map((cost) => cost?.totalMs ?? Number.NaN)),
    longestMs: median(tasks.map((cost) => cost?.longestMs ?? Number.NaN)),
  };
};

/** Median and spread of our runs against the floor's median of the same run. */
const ratiosOf = (results: TransferResults, { ours, floors }: Goal, lineMs: number) => {
  const timeOf = (id: string) => results.results.find((result) => result.id === id)?.ms.median ?? Number.NaN;
  const times = floors.map(({ id }) => timeOf(id)).filter(Number.isFinite);
  const floorMs = times.length > 0 ? Math.min(...times) : lineMs;
  const ratios = results.runs.filter(({ id }) => id === ours.id).map(({ ms }) => ms / floorMs);
  return { floorMs, ratios, ratio: median(ratios), timeOf };
};

const COLUMNS = [
  'load',
  'floor s',
  'ours s',
  'ratio',
  'spread',
  'goal',
  'met',
  'sent',
  'goal',
  'best peer',
  'ms a file',
  'longest task ms',
];

const rowOf = (goal: Goal, { load, line }: { load: Load; line: Profile }, results: TransferResults): string[] => {
  const bytes = load.count * load.size;
  const { floorMs, ratios, ratio, timeOf } = ratiosOf(results, goal, (bytes / line.linkRate) * 1000);
  const sent = median(results.runs.filter(({ id }) => id === goal.ours.id).map(({ counts }) => counts.bytes / bytes));
  const peer = Math.min(...goal.peers.filter(({ page }) => page !== 'reference').map(({ id }) => timeOf(id) / floorMs));
  const isMet = ratio <= goal.atMost && (goal.sentAtMost === undefined || sent <= goal.sentAtMost);
  const { totalMs, longestMs } = mainThread(results, goal.ours.id);
  const bare = mainThread(results, goal.floors[0]?.id ?? '').totalMs;
  return [
    nameOf(goal, load, line),
    (floorMs / 1000).toFixed(2),
    figure(timeOf(goal.ours.id) / 1000),
    figure(ratio),
    ratios.length > 0 ? `${figure(Math.min(...ratios))}–${figure(Math.max(...ratios))}` : '—',
    `${goal.atMost}`,
    isMet ? 'yes' : 'NO',
    figure(sent),
    goal.sentAtMost === undefined ? '' : `${goal.sentAtMost}`,
    figure(peer),
    load.count > 1 ? figure((totalMs - bare) / load.count) : '',
    figure(longestMs),
  ];
};

/** Above this many bytes a trace of the main thread would slow down what it looks at. */
const TRACED_BELOW = 2 ** 28;

const reach = async (lab: Lab, goal: Goal, { quick, repeats }: ScenarioOptions): Promise<Reached> => {
  const load = quick ? goal.quick.load : goal.load;
  const line = (quick ? goal.quick.line : undefined) ?? goal.line;
  const results = await measureTransfers({
    lab,
    line,
    entries: [...goal.floors, goal.ours, ...(quick ? [] : goal.peers)],
    references: goal.floors.map(({ id }) => id),
    repeats: goal.once ? 1 : repeats,
    isWarmedUp: !goal.once,
    isTraced: !goal.once && load.size * load.count < TRACED_BELOW,
    send: (page) => sendLoad(lab, page, load, longestFor(line, load)),
  });
  return {
    row: rowOf(goal, { load, line }, results),
    table: transferTable(nameOf(goal, load, line), results),
    data: { title: goal.title, atMost: goal.atMost, sentAtMost: goal.sentAtMost, load, ...results },
  };
};

export const goals: Scenario = {
  id: 'goals',
  title: 'the speeds that are promised',
  run: async (lab: Lab, options: ScenarioOptions) => {
    const reached: Reached[] = [];
    for (const goal of GOALS.filter((goal) => nameOf(goal, goal.load, goal.line).includes(options.match))) {
      const one = await reach(lab, goal, options);
      console.log(`  ${one.row.join(' | ')}`);
      reached.push(one);
    }
    const summary: Table = {
      title: 'Goals',
      columns: COLUMNS,
      rows: reached.map(({ row }) => row),
      notes: [
        'ratio: our time divided by that of the fastest hand-written loop, or by size / rate where there is none.',
        "ms a file: the main thread's own work for one file beyond that loop.",
      ],
    };
    return { tables: [...reached.map(({ table }) => table), summary], data: reached.map(({ data }) => data) };
  },
};
