/**
 * The speeds that this project holds itself to. Each load is held against its floor: the best hand-written loop that makes
 * the same requests, measured in the same run. What a goal asks and what was reached stand side by side, lost rows included.
 */

import { EARLIER_PAGE } from '../support/build-pages.js';
import type { Entry, Lab } from '../support/lab.js';
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

const figure = (value: number | null | undefined): string =>
  value != null && Number.isFinite(value) ? value.toFixed(2) : '—';

/** What a goal asks, and what was reached. */
export interface Outcome {
  readonly load: string;
  readonly floorMs: number;
  readonly oursMs: number;
  /** Of the floor's median: the median, and all of them in order. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  readonly atMost: number;
  /** Bytes that left the browser, as a multiple of the load's. */
  readonly sent: number;
  readonly sentAtMost: number | null;
  readonly isMet: boolean;
  /** The fastest peer, of the floor; null where none was measured. */
  readonly peer: { readonly title: string; readonly ratio: number } | null;
  /** Our time, of that of an earlier version; null where none was measured. */
  readonly ofEarlier: number | null;
  /** The main thread's own work for one file beyond the floor's; null for a single file, and where it was not traced. */
  readonly msAFile: number | null;
  readonly longestTaskMs: number | null;
}

interface Reached {
  readonly outcome: Outcome;
  readonly table: Table;
  readonly data: unknown;
}

const EARLIER = 'earlier';

const mainThread = ({ runs }: TransferResults, id: string) => {
  const tasks = runs.filter((run) => run.id === id).map((run) => run.tasks);
  return {
    totalMs: median(tasks.map((cost) => cost?.totalMs ?? Number.NaN)),
    longestMs: median(tasks.map((cost) => cost?.longestMs ?? Number.NaN)),
  };
};

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

const outcomeOf = (goal: Goal, { load, line }: { load: Load; line: Profile }, results: TransferResults): Outcome => {
  const { ours, floors, atMost, sentAtMost = null } = goal;
  const bytes = load.count * load.size;
  const timeOf = (id: string) => results.results.find((result) => result.id === id)?.ms.median ?? Number.NaN;
  const times = floors.map(({ id }) => timeOf(id)).filter(Number.isFinite);
  const floorMs = times.length > 0 ? Math.min(...times) : (bytes / line.linkRate) * 1000;
  const runs = results.runs.filter(({ id }) => id === ours.id);
  const ratios = runs.map(({ ms }) => ms / floorMs).sort((a, b) => a - b);
  const ratio = median(ratios);
  const sent = median(runs.map(({ counts }) => counts.bytes / bytes));
  const [peer = null] = goal.peers
    .filter(({ id, page }) => page !== 'reference' && Number.isFinite(timeOf(id)))
    .map(({ id, title }) => ({ title, ratio: timeOf(id) / floorMs }))
    .sort((a, b) => a.ratio - b.ratio);
  const { totalMs, longestMs } = mainThread(results, ours.id);
  return {
    load: nameOf(goal, load, line),
    floorMs,
    oursMs: timeOf(ours.id),
    ratio,
    ratios,
    atMost,
    sent,
    sentAtMost,
    isMet: ratio <= atMost && (sentAtMost === null || sent <= sentAtMost),
    peer,
    ofEarlier: known(timeOf(ours.id) / timeOf(EARLIER)),
    msAFile: load.count > 1 ? known((totalMs - mainThread(results, floors[0]?.id ?? '').totalMs) / load.count) : null,
    longestTaskMs: known(longestMs),
  };
};

const COLUMNS = [
  'load',
  'floor s',
  'ours s',
  'ratio',
  'spread',
  'goal',
  'sent',
  'goal',
  'met',
  'best peer',
  'of earlier',
  'ms a file',
  'longest task ms',
];

const rowOf = (outcome: Outcome): string[] => {
  const { load, floorMs, oursMs, ratio, ratios, atMost, sent, sentAtMost, isMet, peer } = outcome;
  return [
    load,
    figure(floorMs / 1000),
    figure(oursMs / 1000),
    figure(ratio),
    `${figure(ratios[0])}–${figure(ratios.at(-1))}`,
    `${atMost}`,
    figure(sent),
    sentAtMost === null ? '' : `${sentAtMost}`,
    isMet ? 'yes' : 'NO',
    figure(peer?.ratio),
    figure(outcome.ofEarlier),
    figure(outcome.msAFile),
    figure(outcome.longestTaskMs),
  ];
};

/** Above this many bytes a trace of the main thread would slow down what it looks at. */
const TRACED_BELOW = 2 ** 28;

const reach = async (lab: Lab, goal: Goal, { quick, repeats, hasEarlier }: ScenarioOptions): Promise<Reached> => {
  const load = quick ? goal.quick.load : goal.load;
  const line = (quick ? goal.quick.line : undefined) ?? goal.line;
  const earlier: Entry = { ...goal.ours, id: EARLIER, title: 'fastio-upload, earlier version', page: EARLIER_PAGE };
  const results = await measureTransfers({
    lab,
    line,
    entries: [...goal.floors, goal.ours, ...(hasEarlier ? [earlier] : []), ...(quick ? [] : goal.peers)],
    references: goal.floors.map(({ id }) => id),
    repeats: goal.once ? 1 : repeats,
    isWarmedUp: !goal.once,
    isTraced: !goal.once && load.size * load.count < TRACED_BELOW,
    send: (page) => sendLoad(lab, page, load, longestFor(line, load)),
  });
  const outcome = outcomeOf(goal, { load, line }, results);
  return { outcome, table: transferTable(outcome.load, results), data: { outcome, size: load, ...results } };
};

/** On a line of its own, beside the others. */
const reachBeside = async (lab: Lab, goal: Goal, options: ScenarioOptions): Promise<Reached> => {
  const own = await lab.beside();
  try {
    return await reach(own, goal, options);
  } finally {
    await own.close();
  }
};

export const goals: Scenario = {
  id: 'goals',
  title: 'the speeds that are promised',
  run: async (lab: Lab, options: ScenarioOptions) => {
    const chosen = GOALS.filter((goal) => nameOf(goal, goal.load, goal.line).includes(options.match));
    const aside = chosen.filter(({ isAside }) => isAside).map((goal) => reachBeside(lab, goal, options));
    for (const one of aside) one.catch(() => {});
    const reached: Reached[] = [];
    for (const goal of chosen.filter(({ isAside }) => !isAside)) {
      const one = await reach(lab, goal, options);
      console.log(`  ${rowOf(one.outcome).join(' | ')}`);
      reached.push(one);
    }
    reached.push(...(await Promise.all(aside)));
    const summary: Table = {
      title: 'Goals',
      columns: COLUMNS,
      rows: reached.map(({ outcome }) => rowOf(outcome)),
      notes: [
        'ratio: our time divided by that of the fastest hand-written loop, or by size / rate where there is none.',
        "ms a file: the main thread's own work for one file beyond that loop.",
      ],
    };
    return { tables: [...reached.map(({ table }) => table), summary], data: reached.map(({ data }) => data) };
  },
};
