/** E, continued: the page lives, and changes around the upload. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';

/** What a page in the background has: no frames, and timers once a second. */
const HIDDEN = `
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  Object.defineProperty(document, 'hidden', { get: () => true });
  window.requestAnimationFrame = () => 0;
  const realSetTimeout = window.setTimeout;
  window.setTimeout = (work, ms = 0, ...rest) => realSetTimeout(work, Math.ceil((ms + 1) / 1000) * 1000, ...rest);`;

/** Milliseconds from the first to the last data request. */
const duration = (bench: Bench): number => {
  const requests = bench.dataRequests();
  const ends = requests.map(({ endedAt }) => endedAt ?? 0);
  return Math.max(...ends) - Math.min(...requests.map(({ startedAt }) => startedAt));
};

const registerWorker = (tab: LabTab): Promise<unknown> =>
  tab.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      if (navigator.serviceWorker.controller !== null) resolve(true);
      navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
    });
  });

laboratory('E · changes of the page', ({ scenario, bench: another }) => {
  scenario(
    'E11',
    async (bench) => {
      const visible = await another();
      try {
        // At the same time, so that the machine is as busy for both.
        const run = async (each: Bench): Promise<void> => {
          each.proxy.up.bytesPerSecond = 128 * KIB;
          await each.begin(12 * MIB);
          await each.ended(1, 150_000);
        };
        await Promise.all([visible, bench].map(run));
      } finally {
        await visible.close();
      }
      const share = duration(visible) / duration(bench);
      bench.report(`${(share * 100).toFixed(0)} % of the visible page's throughput`);
      assert.ok(share >= 0.9, `${share} of the visible page's throughput`);
      const [stored] = bench.backend.files();
      assert.ok(stored);
      return { stored: [{ ...stored, path: '' }] };
    },
    { beforeScripts: [HIDDEN] },
  );

  for (const [detail, change] of [
    ['removed and added again', 'remove'],
    ['moved', 'move'],
  ] as const) {
    scenario(
      'E14',
      async (bench) => {
        bench.proxy.up.bytesPerSecond = 128 * KIB;
        const { tab, file } = await bench.begin(MIB);
        for (const parts of [2, 4, 6]) {
          await bench.parts(parts);
          await tab.evaluate((how) => {
            const { element } = window.lab;
            if (how === 'remove') element.remove();
            const home = document.createElement('div');
            document.body.append(home);
            home.append(element);
          }, change);
        }
        await bench.ended();
        assert.equal(bench.requests('POST', /\/init$/).length, 1);
        assert.equal(bench.requests('DELETE', /./).length, 0);
        return { stored: [file] };
      },
      {},
      detail,
    );
  }

  scenario('E15', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    // The one whose events are recorded ends last, also where the other copy is slow to load.
    const { tab, file } = await bench.begin(16 * MIB, 'first.bin');
    const second = await bench.files.make('second.bin', 2 * PART);
    const content = (await readFile(second.path)).toString('base64');
    const anotherCopy = '/lab.js?another-copy';
    await tab.evaluate(
      async (base64, address) => {
        const first = window.lab;
        await import(address);
        const copy = window.lab;
        window.lab = first;
        const { options } = first.element.engine;
        const engine = new copy.UploadEngine({ ...options, listName: 'of the other copy' });
        const response = await fetch(`data:application/octet-stream;base64,${base64}`);
        engine.addFiles([new File([await response.blob()], 'second.bin')]);
        await new Promise((resolve) => engine.addEventListener('queue-complete', resolve));
      },
      content,
      anotherCopy,
    );
    bench.proxy.heal();
    await bench.ended();
    return { stored: [file, second] };
  });

  scenario('E17', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { tab, file } = await bench.begin(MIB);
    await bench.parts(4);
    assert.ok(await registerWorker(tab), 'the worker has taken the page over');
    await bench.ended();
    return { stored: [file], extraBytes: PART };
  });
});
