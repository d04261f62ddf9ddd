/** What happens on the page's main thread, as Chromium's own trace tells it. */

import type { Page } from 'puppeteer-core';

/** Tasks longer than this are felt. */
const LONG_TASK_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly args: { readonly name?: string };
  /** Microseconds by the clock on the wall. */
  readonly dur?: number;
  /** Microseconds of the thread's own work: what other programs took from the machine does not count. */
  readonly tdur?: number;
}

interface Task {
  readonly startsAt: number;
  readonly ms: number;
  readonly wallMs: number;
}

export interface TaskCost {
  /** Milliseconds of the thread's own work in all tasks together. */
  readonly totalMs: number;
  /** Milliseconds of the thread's own work. */
  readonly longestMs: number;
  /** The same by the clock on the wall, for the reader. */
  readonly longestWallMs: number;
  /** Tasks above 50 ms, and their sum. */
  readonly longTasks: number;
  readonly longTasksMs: number;
}

/**
 * Tasks in order, each with the microtasks that the browser runs after it: where `scheduler.yield` continues, the task only
 * settles the promise.
 */
const tasksOf = (events: readonly TraceEvent[]): Task[] => {
  const tasks: Task[] = [];
  let endedAt = Number.NEGATIVE_INFINITY;
  for (const { name, ts, dur = 0, tdur = 0 } of events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    // What runs inside of a task is part of it.
    if (ts < endedAt) continue;
    endedAt = ts + dur;
    const before: Partial<Task> = name.endsWith('RunTask') ? {} : (tasks.pop() ?? {});
    const { startsAt = ts, ms = 0 } = before;
    tasks.push({ startsAt, ms: ms + tdur / 1000, wallMs: (endedAt - startsAt) / 1000 });
  }
  return tasks;
};

const CATEGORIES = ['toplevel', 'blink.user_timing', 'disabled-by-default-devtools.timeline.frame'];

/** Tasks and frames of the page between moments that it has marked with `performance.mark`. */
export class TaskTrace {
  readonly #tasks: readonly Task[];
  readonly #marks: ReadonlyMap<string, number>;
  /** When the compositor drew the page, in microseconds. */
  readonly #drawnAt: readonly number[];

  private constructor(tasks: readonly Task[], marks: ReadonlyMap<string, number>, drawnAt: readonly number[]) {
    this.#tasks = tasks;
    this.#marks = marks;
    this.#drawnAt = drawnAt;
  }

  static async start(page: Page): Promise<() => Promise<TaskTrace>> {
    await page.tracing.start({ categories: CATEGORIES });
    return async () => TaskTrace.#read(await page.tracing.stop());
  }

  static #read(trace: Uint8Array | undefined): TaskTrace {
    const { traceEvents: events }: { traceEvents: TraceEvent[] } = JSON.parse(new TextDecoder().decode(trace));
    const marks = new Map(events.filter(({ name }) => name.startsWith('bench:')).map(({ name, ts }) => [name, ts]));
    const thread = events.find(({ name }) => name.startsWith('bench:'));
    const own = events.filter(({ pid, tid }) => pid === thread?.pid && tid === thread?.tid);
    const tasks = tasksOf(own.filter(({ name }) => /RunTask$|PerformMicrotaskCheckpoint$/.test(name)));
    if (tasks.length === 0) throw new Error('the trace holds no task of the page');
    const drawn = events.filter(({ name, pid }) => name === 'DrawFrame' && pid === thread?.pid);
    return new TaskTrace(
      tasks,
      marks,
      drawn.map(({ ts }) => ts).sort((a, b) => a - b),
    );
  }

  /** Milliseconds between the frames that a user saw between two marks. */
  frames(first: string, last: string): number[] {
    const from = this.#marks.get(first) ?? Number.NEGATIVE_INFINITY;
    const until = this.#marks.get(last) ?? Number.POSITIVE_INFINITY;
    const drawnAt = this.#drawnAt.filter((ts) => ts >= from && ts <= until);
    return drawnAt.slice(1).map((ts, index) => (ts - (drawnAt[index] ?? ts)) / 1000);
  }

  /** @param skipMs left out after the first mark. */
  between(first: string, last: string, skipMs = 0): TaskCost {
    const from = (this.#marks.get(first) ?? Number.NEGATIVE_INFINITY) + skipMs * 1000;
    const until = this.#marks.get(last) ?? Number.POSITIVE_INFINITY;
    // The task that sets the first mark has begun before it.
    const tasks = this.#tasks.filter(
      ({ startsAt, wallMs }) =>
        startsAt + wallMs * 1000 > from && startsAt < until && (skipMs === 0 || startsAt >= from),
    );
    const long = tasks.filter(({ ms }) => ms > LONG_TASK_MS);
    return {
      totalMs: tasks.reduce((sum, { ms }) => sum + ms, 0),
      longestMs: tasks.reduce((most, { ms }) => Math.max(most, ms), 0),
      longestWallMs: tasks.reduce((most, { wallMs }) => Math.max(most, wallMs), 0),
      longTasks: long.length,
      longTasksMs: long.reduce((sum, { ms }) => sum + ms, 0),
    };
  }
}

/** Bytes that scripts hold, ArrayBuffers included; with `collect`, only what is still needed. */
export const heapOf = async (page: Page, collect: boolean): Promise<number> => {
  const session = await page.createCDPSession();
  if (collect) await session.send('HeapProfiler.collectGarbage');
  const usage = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const { usedSize, backingStorageSize = 0 } = usage as { usedSize: number; backingStorageSize?: number };
  return usedSize + backingStorageSize;
};
