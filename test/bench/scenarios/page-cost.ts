/** What a big upload costs the page that sends it: memory and blocked time. Unshaped, so that the page has most to do. */

import { type Entry, explain, type Lab } from '../support/lab.js';
import { heapOf, type TaskCost, TaskTrace } from '../support/page-cost.js';
import { PROFILES } from '../support/profile.js';
import { median, shuffled } from '../support/statistics.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const MiB = 2 ** 20;
const SAMPLE_MS = 200;

const ENTRIES: readonly Entry[] = [
  { id: 'R1', title: 'R1 one raw PUT', page: 'reference', variant: 'whole' },
  { id: 'engine', title: 'fastio-upload engine, chunked', page: 'fastio-engine', variant: 'chunked' },
  { id: 'element', title: 'fastio-upload element, presigned', page: 'fastio-element', variant: 'presigned' },
  { id: 'gateway', title: 'fastio-upload element, own gateway', page: 'fastio-element', variant: 'gateway' },
  { id: 'uppy-5', title: 'Uppy 5 multipart', page: 'uppy-5', variant: 'multipart' },
  { id: 'uppy-6', title: 'Uppy 6 Dashboard, multipart', page: 'uppy-6-dashboard', variant: 'multipart' },
  { id: 'tus', title: 'tus-js-client', page: 'tus', variant: '' },
  { id: 'upchunk', title: 'UpChunk', page: 'upchunk', variant: '' },
  { id: 'filepond', title: 'FilePond chunked', page: 'filepond', variant: 'chunked' },
  { id: 'vaadin', title: 'Vaadin Upload', page: 'vaadin', variant: '' },
];

interface PageCostRun {
  readonly id: string;
  readonly ms: number;
  /** Bytes above idle: most while sending, and what is left after a collection. */
  readonly heapPeak: number;
  readonly heapLeft: number;
  readonly tasks: TaskCost;
}

type Browser = Awaited<ReturnType<Lab['browser']>>;

const runOnce = async (lab: Lab, browser: Browser, entry: Entry, size: number): Promise<PageCostRun> => {
  const page = await lab.visit(browser, entry, PROFILES.P0);
  try {
    await lab.choose(page, size);
    const idle = await heapOf(page, true);
    let heapPeak = 0;
    let sampling = Promise.resolve();
    const timer = setInterval(() => {
      sampling = sampling.then(async () => {
        heapPeak = Math.max(heapPeak, (await heapOf(page, false)) - idle);
      });
    }, SAMPLE_MS);
    const stopTrace = await TaskTrace.start(page);
    const ms = await page.evaluate(async () => {
      const files = [...((document.querySelector('#chosen') as HTMLInputElement).files ?? [])];
      performance.mark('bench:sent');
      const startedAt = performance.now();
      await globalThis.contender?.send?.(files);
      performance.mark('bench:stored');
      return performance.now() - startedAt;
    });
    clearInterval(timer);
    await sampling;
    const tasks = (await stopTrace()).between('bench:sent', 'bench:stored');
    return { id: entry.id, ms, heapPeak, heapLeft: (await heapOf(page, true)) - idle, tasks };
  } finally {
    await page.browserContext().close();
    await lab.site.clear();
  }
};

export const pageCost: Scenario = {
  id: 'page-cost',
  title: 'what a big upload costs the page',
  run: async (lab: Lab, { quick, repeats }: ScenarioOptions) => {
    const size = (quick ? 64 : 256) * MiB;
    const runs: PageCostRun[] = [];
    const failures: string[] = [];
    const browser = await lab.browser();
    try {
      for (let round = 0; round < repeats; round += 1) {
        for (const entry of shuffled(ENTRIES)) {
          try {
            runs.push(await runOnce(lab, browser, entry, size));
          } catch (error) {
            failures.push(`FAILED ${entry.id}: ${explain(error)}`);
          }
        }
      }
    } finally {
      await browser.close();
    }
    const rows = ENTRIES.map(({ id, title }) => {
      const own = runs.filter((run) => run.id === id);
      const middle = (read: (run: PageCostRun) => number, digits: number) => median(own.map(read)).toFixed(digits);
      return [
        title,
        middle(({ heapPeak }) => heapPeak / MiB, 1),
        middle(({ heapLeft }) => heapLeft / MiB, 1),
        middle(({ tasks }) => tasks.longestMs, 0),
        middle(({ tasks }) => tasks.longTasks, 0),
        middle((run) => run.ms / 1000, 2),
        String(own.length),
      ];
    });
    const table = {
      title: `Cost on the page of one file of ${size / MiB} MiB, ${PROFILES.P0.title}`,
      columns: ['sender', 'heap peak MiB', 'left MiB', 'longest task ms', 'tasks > 50 ms', '(seconds)', 'runs'],
      rows,
      notes: [
        "Heap above idle, ArrayBuffers included; peak with garbage. Tasks: the main thread's own work (CPU time), traced.",
        'The seconds show that all did the same work. Without a shaped line they are no claim about speed.',
        ...failures,
      ],
    };
    return { tables: [table], data: { size, runs, failures } };
  },
};
