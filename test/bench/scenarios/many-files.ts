/**
 * Ten thousand files chosen at once in the widget itself: how soon the list can be used, how long the page is blocked,
 * how many elements and how much memory that takes, and how it scrolls while files are being sent.
 *
 * Usable means: the widget has taken all files, shows rows, and has painted twice since. All widgets start by themselves.
 */

import { loadavg } from 'node:os';
import type { Page } from 'puppeteer-core';
import { EARLIER_ELEMENT_PAGE } from '../support/build-pages.js';
import { type Entry, explain, type Lab } from '../support/lab.js';
import { heapOf, type TaskCost, TaskTrace } from '../support/page-cost.js';
import { PROFILES } from '../support/profile.js';
import { median, percentile, shuffled } from '../support/statistics.js';
import type { Table } from '../support/table.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const ENTRIES: readonly Entry[] = [
  { id: 'plain', title: 'a line of text for each file, bare requests', page: 'plain-list', variant: '' },
  { id: 'fastio', title: 'fastio-upload', page: 'fastio-element', variant: 'presigned' },
  { id: 'grid', title: 'fastio-upload, as tiles', page: 'fastio-element', variant: 'grid' },
  { id: 'uppy', title: 'Uppy 6 Dashboard', page: 'uppy-6-dashboard', variant: '' },
  { id: 'vaadin', title: 'Vaadin Upload', page: 'vaadin', variant: '' },
  { id: 'filepond', title: 'FilePond', page: 'filepond', variant: '' },
];

const EARLIER: Entry = {
  id: 'earlier',
  title: 'fastio-upload, earlier version',
  page: EARLIER_ELEMENT_PAGE,
  variant: 'presigned',
};

const MB = 1_000_000;
const PATIENCE_MS = 60_000;
/** One that takes longer is not asked again: its second run would say the same. */
const TOO_SLOW_TO_REPEAT_MS = 30_000;
const SCROLL_PIXELS = 7_200;
/** Pixels a second. */
const SCROLL_SPEED = 2_400;
/** What a frame may take so that it still counts as one of sixty a second. */
const ON_TIME_MS = 20;

interface ManyFilesRun {
  readonly id: string;
  /** Milliseconds; null when it was not usable in time. */
  readonly usableMs: number | null;
  readonly adding: TaskCost;
  /** Without the first 200 ms, in which the browser hands over the files. */
  readonly addingLater: TaskCost;
  readonly scrolling: TaskCost;
  readonly rows: number;
  readonly nodes: number;
  readonly heapBytes: number;
  /** Milliseconds between drawn frames while scrolling. */
  readonly frames: readonly number[];
  readonly load: number;
}

const makeFiles = (page: Page, count: number): Promise<void> =>
  page.evaluate((length) => {
    const transfer = new DataTransfer();
    for (let index = 0; index < length; index += 1) {
      const file = new File([`content ${index}`], `file-${index}.txt`, { lastModified: 1_700_000_000_000 + index });
      transfer.items.add(file);
    }
    Object.assign(globalThis, { chosenFiles: transfer.files });
  }, count);

/** Chooses all files and waits until the list is usable; null when it is not in time. */
const addFiles = (page: Page, count: number): Promise<number | null> =>
  page.evaluate(
    async (length, patienceMs) => {
      const widget = globalThis.contender?.widget;
      const { chosenFiles } = globalThis as typeof globalThis & { chosenFiles: FileList };
      if (widget === undefined) throw new Error('this page has no widget');
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const input = widget.input();
      performance.mark('bench:added');
      const startedAt = performance.now();
      input.files = chosenFiles;
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
      const isUsable = () => widget.listed() === length && widget.rows() > 0;
      while (!isUsable()) {
        if (performance.now() - startedAt > patienceMs) return null;
        await frame();
      }
      await frame();
      await frame();
      performance.mark('bench:usable');
      return performance.now() - startedAt;
    },
    count,
    PATIENCE_MS,
  );

/** Turns the wheel over the list as a user does: the browser may scroll without asking the page. */
const scroll = async (page: Page): Promise<void> => {
  const middle = await page.evaluate(() => {
    const scroller = globalThis.contender?.widget?.scroller();
    if (scroller === undefined) throw new Error('this page has nothing to scroll');
    const { left, right, top, bottom } = scroller.getBoundingClientRect();
    performance.mark('bench:scroll');
    return { x: (left + right) / 2, y: (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2 };
  });
  const session = await page.createCDPSession();
  await session.send('Input.synthesizeScrollGesture', {
    ...middle,
    yDistance: -SCROLL_PIXELS,
    speed: SCROLL_SPEED,
    gestureSourceType: 'mouse',
    preventFling: true,
  });
  await page.evaluate(() => void performance.mark('bench:scrolled'));
};

const countRows = (page: Page): Promise<number> => page.evaluate(() => globalThis.contender?.widget?.rows() ?? 0);

/** In a browser of its own, which is ended whatever state the page has left it in. */
const runOnce = async (lab: Lab, entry: Entry, count: number): Promise<ManyFilesRun> => {
  const browser = await lab.browser();
  try {
    const page = await lab.visit(browser, entry, PROFILES.P2);
    await makeFiles(page, count);
    const idle = await heapOf(page, true);
    const stopTrace = await TaskTrace.start(page);
    const usableMs = await addFiles(page, count);
    if (usableMs !== null) await scroll(page);
    const trace = await stopTrace();
    const { Nodes: nodes = 0 } = await page.metrics();
    return {
      id: entry.id,
      usableMs,
      adding: trace.between('bench:added', 'bench:usable'),
      addingLater: trace.between('bench:added', 'bench:usable', 200),
      scrolling: trace.between('bench:scroll', 'bench:scrolled'),
      rows: await countRows(page),
      nodes,
      heapBytes: (await heapOf(page, true)) - idle,
      frames: trace.frames('bench:scroll', 'bench:scrolled'),
      load: loadavg()[0] ?? 0,
    };
  } finally {
    browser.process()?.kill('SIGKILL');
    await browser.close().catch(() => {});
  }
};

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const ms = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;

/** By widget, what went wrong. */
type Failures = ReadonlyMap<string, string>;

const rowOf = ({ id, title }: Entry, all: readonly ManyFilesRun[], failures: Failures): string[] => {
  const runs = all.filter((run) => run.id === id);
  if (runs.length === 0) return [title, failures.get(id) ?? 'not run'];
  const usable = runs.flatMap(({ usableMs }) => (usableMs === null ? [] : [usableMs]));
  const frames = runs.flatMap((run) => run.frames);
  const onTime = frames.filter((time) => time <= ON_TIME_MS).length / frames.length;
  return [
    title,
    usable.length === 0 ? `> ${PATIENCE_MS / 1000} s` : ms(usable),
    usable.length === 0 ? '' : `${Math.min(...usable).toFixed(0)}–${Math.max(...usable).toFixed(0)}`,
    ms(runs.map(({ adding }) => adding.longestMs)),
    ms(runs.map(({ addingLater }) => addingLater.longestMs)),
    String(median(runs.map(({ rows }) => rows))),
    String(median(runs.map(({ nodes }) => nodes))),
    `${(median(runs.map(({ heapBytes }) => heapBytes)) / MB).toFixed(1)} MB`,
    frames.length === 0 ? '' : ((frames.length / total(frames)) * 1000).toFixed(0),
    frames.length === 0 ? '' : `${median(frames).toFixed(1)} / ${percentile(frames, 0.95).toFixed(1)} ms`,
    frames.length === 0 ? '' : `${(onTime * 100).toFixed(0)} %`,
    frames.length === 0 ? '' : ms(runs.map(({ scrolling }) => scrolling.longestMs)),
    String(runs.length),
  ];
};

const tableOf = (
  count: number,
  entries: readonly Entry[],
  runs: readonly ManyFilesRun[],
  failures: Failures,
): Table => ({
  title: `${count} files chosen at once; then scrolling while they are sent, ${PROFILES.P2.title}`,
  columns: [
    'widget',
    'usable',
    'spread',
    'longest task',
    'after 200 ms',
    'rows',
    'nodes',
    'heap',
    'frames a second',
    'frame p50 / p95',
    'on time',
    'longest, scrolling',
    'runs',
  ],
  rows: entries.map((entry) => rowOf(entry, runs, failures)),
  notes: [
    "usable: all files taken, rows shown, two frames painted. Tasks: the main thread's own work (CPU time), traced.",
    'heap: above idle, after garbage collection.',
    `frames: drawn in software while the wheel turns at ${SCROLL_SPEED} pixels a second. on time: within ${ON_TIME_MS} ms.`,
    `load average at most ${Math.max(0, ...runs.map(({ load }) => load)).toFixed(1)}.`,
  ],
});

export const manyFiles: Scenario = {
  id: 'many-files',
  title: 'ten thousand files at once',
  run: async (lab: Lab, { quick, repeats, match, hasEarlier }: ScenarioOptions) => {
    const count = quick ? 2_000 : 10_000;
    const entries = [...ENTRIES, ...(hasEarlier ? [EARLIER] : [])].filter(({ title }) => title.includes(match));
    const runs: ManyFilesRun[] = [];
    const failures = new Map<string, string>();
    const given = new Set<string>();
    for (let round = 0; round < repeats; round += 1) {
      for (const entry of shuffled(entries).filter(({ id }) => !given.has(id))) {
        try {
          const run = await runOnce(lab, entry, count);
          runs.push(run);
          if ((run.usableMs ?? PATIENCE_MS) > TOO_SLOW_TO_REPEAT_MS) given.add(entry.id);
        } catch (error) {
          given.add(entry.id);
          failures.set(entry.id, explain(error));
        }
      }
    }
    return {
      tables: [tableOf(count, entries, runs, failures)],
      data: { count, runs, failures: Object.fromEntries(failures) },
    };
  },
};
