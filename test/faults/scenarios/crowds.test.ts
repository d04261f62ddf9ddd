/** G and R, continued: many files at once, and many comings and goings. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { needsDevTools } from '../../support/browsers/tab-driver.js';
import { KIB, MIB } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import { assertInvariants } from '../support/oracle.js';

const MANY = 10_000;

const isAdded = ({ name }: { readonly name: string }): boolean => name === 'upload-added';

/** What a page holds, after everything that can go has gone. */
interface Holdings {
  readonly heap: number;
  readonly listeners: number;
  readonly nodes: number;
  readonly workers: number;
  readonly locks: number;
}

const holdings = async (tab: LabTab): Promise<Holdings> => {
  // What a first collection frees may hold what a second one finds.
  for (let round = 0; round < 3; round++) await tab.cdp.send('HeapProfiler.collectGarbage');
  await tab.cdp.send('Performance.enable');
  const { metrics } = await tab.cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((found) => found.name === name)?.value ?? 0;
  const usage = await tab.cdp.send('Runtime.getHeapUsage');
  const { usedSize, backingStorageSize = 0 } = usage as { usedSize: number; backingStorageSize?: number };
  return {
    heap: usedSize + backingStorageSize,
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    workers: tab.page.workers().length,
    locks: (await tab.leftovers()).length,
  };
};

/** So many files come, are paused, go on, are canceled and removed, while their element leaves and comes back. */
const cycle = (tab: LabTab, count: number): Promise<void> =>
  tab.evaluate(async (times) => {
    const { element } = window.lab;
    const homes = [document.createElement('div'), document.createElement('section')];
    document.body.append(...homes);
    for (let turn = 0; turn < times; turn++) {
      element.addFiles([new File([new Uint8Array(200_000)], `file-${turn}.bin`)]);
      const id = element.uploads[0]?.id;
      await new Promise((resolve) => setTimeout(resolve, turn % 4));
      element.pause(id);
      element.resume(id);
      if (turn % 10 === 0) element.remove();
      homes[turn % 2]?.append(element);
      element.cancel(id);
      for (const { id: each } of element.uploads) element.remove(each);
      if (turn % 50 === 0) await element.updateComplete;
    }
    document.body.append(element);
    for (const home of homes) home.remove();
    await element.updateComplete;
  }, count);

/** Requests that were cut still end on the server, and records are deleted a little later. */
const settled = async (tab: LabTab): Promise<void> => {
  for (let round = 0; round < 100 && (await tab.leftovers()).length > 0; round++) await delay(200);
  await delay(1_000);
};

/** What was canceled is kept to be taken back and its session released after that: on a slow machine within this. */
const RELEASE_MS = 60_000;
const LOOK_MS = 2_000;
const MORE_LISTENERS = 20;

/** What the page holds once as few listeners are left as `before`, or once time is up. */
const settledHoldings = async (tab: LabTab, before: Pick<Holdings, 'listeners'>): Promise<Holdings> => {
  await settled(tab);
  const endsAt = Date.now() + RELEASE_MS;
  let held = await holdings(tab);
  while (held.listeners > before.listeners + MORE_LISTENERS && Date.now() < endsAt) {
    await delay(LOOK_MS);
    held = await holdings(tab);
  }
  return held;
};

laboratory(
  'G, R · crowds',
  ({ scenario }) => {
    scenario(
      'G8',
      async (bench) => {
        const tab = await bench.open();
        const { longestMs, added, rows } = await tab.evaluate(async (count) => {
          const { element } = window.lab;
          const tasks: number[] = [];
          const observer = new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) tasks.push(duration);
          });
          const files = Array.from({ length: count }, (_, index) => new File([`${index}`], `file-${index}.txt`));
          await new Promise((resolve) => setTimeout(resolve));
          observer.observe({ type: 'longtask' });
          element.addFiles(files);
          await element.updateComplete;
          // No frame is awaited: a hidden page has none.
          await new Promise((resolve) => setTimeout(resolve, 500));
          observer.disconnect();
          const roots: ParentNode[] = [element];
          let drawn = 0;
          for (const root of roots) {
            for (const { shadowRoot } of [root as Element, ...root.querySelectorAll('*')]) {
              drawn += 1;
              if (shadowRoot) roots.push(shadowRoot);
            }
          }
          return { longestMs: Math.max(0, ...tasks), added: element.uploads.length, rows: drawn };
        }, MANY);
        assert.equal(added, MANY);
        assert.ok(rows < MANY, `${rows} elements: only what is seen is drawn`);
        if (longestMs > 0) bench.report(`longest task ${longestMs.toFixed(0)} ms for ${MANY} files`);
        if (HAS_DEVTOOLS) {
          const { heap } = await holdings(tab);
          assert.ok(heap < 200 * MIB, `${heap} bytes of heap`);
        }
        await bench.recorder.until('all', (events) => events.filter(isAdded).length >= MANY, 60_000);
        return { stored: [], unfinished: MANY };
      },
      { attributes: { 'no-auto': '' } },
    );

    scenario('R2', async (bench) => {
      const cycles = Number(process.env.FAULTS_CYCLES ?? 3_000);
      const tab = await bench.open();
      if (!HAS_DEVTOOLS) throw needsDevTools();
      const untouched = await holdings(tab);
      await cycle(tab, 300);
      const before = await settledHoldings(tab, untouched);
      await cycle(tab, cycles);
      const after = await settledHoldings(tab, before);
      const grown = (name: keyof Holdings): number => after[name] - before[name];
      bench.report(
        `${cycles} cycles: heap ${(grown('heap') / KIB).toFixed(0)} KiB, ${grown('listeners')} listeners more`,
      );
      assert.equal(after.locks, 0, 'locks and records');
      assert.ok(grown('workers') <= 0, `${grown('workers')} workers more`);
      assert.ok(grown('listeners') <= MORE_LISTENERS, `${grown('listeners')} listeners more`);
      assert.ok(grown('nodes') <= 200, `${grown('nodes')} nodes more`);
      assert.ok(grown('heap') <= 4 * MIB, `${grown('heap')} bytes of heap more`);
      assertInvariants(bench);
      return null;
    });
  },
  { atOnce: 1 },
);
