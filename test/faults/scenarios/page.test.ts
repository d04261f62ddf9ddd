/** E: the page goes away, stands still, or changes around the upload. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { insideElement } from '../../support/browsers/inside-element.js';
import { needsDevTools } from '../../support/browsers/tab-driver.js';
import { type Bench, IMPATIENT, KIB, MIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';

const SIZE = MIB;
const LANES = 6;

/** A file on its way, with some parts confirmed and recorded. */
const midway = async (bench: Bench): Promise<{ readonly tab: LabTab; readonly file: MadeFile }> => {
  bench.proxy.up.bytesPerSecond = 128 * KIB;
  const begun = await bench.begin(SIZE);
  await bench.parts(5);
  return begun;
};

/** In a page that found the upload again: its file is chosen, and nothing goes twice. */
const goOn = async (bench: Bench, tab: LabTab, file: MadeFile) => {
  bench.proxy.heal();
  const upload = await tab.found();
  if (upload?.reason === 'needs-file') await tab.choose(file.path);
  await bench.ended();
  assert.equal(bench.requests('POST', /\/init$/).length, 1, 'one session');
  return { stored: [file], extraBytes: LANES * PART };
};

/** Blocks the page for good at the first event of this name. */
const blockAt = async (tab: LabTab, name: string): Promise<void> => {
  // A page that stands still sends no reports.
  if (!HAS_DEVTOOLS) throw needsDevTools();
  await tab.evaluate((event) => {
    window.lab.element.addEventListener(event as 'upload-complete', () => {
      for (;;);
    });
  }, name);
};

laboratory('E · page and process', ({ scenario }) => {
  scenario('E1', async (bench) => {
    const { tab, file } = await midway(bench);
    await tab.reload();
    return goOn(bench, tab, file);
  });

  scenario(
    'E2',
    async (bench) => {
      const { tab, file } = await midway(bench);
      await tab.crash();
      return goOn(bench, await bench.open(), file);
    },
    {},
    'by a crash',
  );

  scenario(
    'E2',
    async (bench) => {
      const browser = await OwnBrowser.start(bench);
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const file = await bench.files.make('file.bin', SIZE);
      const tab = await browser.open(bench);
      await tab.choose(file.path);
      await bench.parts(5);
      browser.killRenderers();
      await tab.close();
      return goOn(bench, await browser.open(bench), file);
    },
    {},
    'by a signal',
  );

  scenario('E4', async (bench) => {
    bench.proxy.up.bytesPerSecond = 256 * KIB;
    const file = await bench.files.make('file.bin', SIZE);
    const tab = await bench.open();
    await tab.choose(file.path);
    await bench.parts(3);
    await blockAt(tab, 'part-complete');
    await bench.parts(4);
    await tab.crash();
    return goOn(bench, await bench.open(), file);
  });

  scenario('E5', async (bench) => {
    const file = await bench.files.make('file.bin', SIZE);
    const tab = await bench.open();
    await blockAt(tab, 'upload-complete');
    await tab.choose(file.path);
    await bench.ended();
    await tab.crash();
    const next = await bench.open();
    await bench.recorder.until('its end again', (events) =>
      events.some(({ name, life }) => name === 'upload-complete' && life === 2),
    );
    assert.equal((await next.uploads())[0]?.state, 'done');
    assert.equal(bench.requests('POST', /\/init$/).length, 1);
    return { stored: [file] };
  });

  scenario('E6', async (bench) => {
    if (!HAS_DEVTOOLS) throw needsDevTools();
    const file = await bench.files.make('file.bin', SIZE);
    const tab = await bench.open();
    // The record of the row is written; the one with the session is not yet.
    bench.backend.faults({ match: { path: '/init$' }, action: { type: 'delay', ms: 1_500 } });
    await tab.evaluate(() => {
      window.lab.element.addEventListener('upload-state', ({ detail }) => {
        while (detail.upload.state === 'uploading');
      });
    });
    await tab.choose(file.path);
    await bench.state('uploading');
    await tab.crash();
    const next = await bench.open();
    const [upload] = await next.uploads();
    assert.equal(upload?.reason, 'needs-file');
    await next.choose(file.path);
    await bench.ended();
    return { stored: [file], orphans: 1 };
  });

  scenario('E7', async (bench) => {
    const { tab, file } = await midway(bench);
    await tab.close();
    await delay(500);
    assert.equal(bench.requests('DELETE', /./).length, 0, 'nothing was canceled');
    return goOn(bench, await bench.open(), file);
  });

  scenario('E8', async (bench) => {
    const { tab, file } = await midway(bench);
    await tab.page.goto(`${bench.pageOrigin}/elsewhere`);
    await delay(500);
    await tab.page.goBack();
    await insideElement(tab.page, 'input.files-input');
    return goOn(bench, tab, file);
  });

  scenario(
    'E9',
    async (bench) => {
      const { tab, file } = await midway(bench);
      await tab.cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
      await delay(4_000);
      bench.proxy.resetAll();
      await tab.cdp.send('Page.setWebLifecycleState', { state: 'active' });
      bench.proxy.heal();
      await bench.ended();
      return { stored: [file], extraBytes: 2 * LANES * PART };
    },
    { timeouts: IMPATIENT },
  );

  scenario('E10', async (bench) => {
    const { tab, file } = await midway(bench);
    const front = await bench.open({ name: 'another list' });
    await front.page.bringToFront();
    // A discard is a kill of which the page hears nothing.
    await tab.crash();
    return goOn(bench, await bench.open(), file);
  });

  scenario('E12', async (bench) => {
    const tab = await bench.open();
    await tab.cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 });
    const file = await bench.files.make('file.bin', 4 * MIB);
    await tab.choose(file.path);
    await bench.ended(1, 150_000);
    assert.equal(bench.retries.length, 0, 'no false alarm');
    return { stored: [file] };
  });

  scenario('E13', async (bench) => {
    const browser = await OwnBrowser.start(bench, { flags: ['--js-flags=--max-old-space-size=96'] });
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const file = await bench.files.make('file.bin', SIZE);
    const tab = await browser.open(bench);
    await tab.choose(file.path);
    await bench.parts(5);
    const gone = new Promise((resolve) => tab.page.once('error', resolve));
    tab
      .evaluate(() => {
        const hoard: unknown[] = [];
        for (;;) hoard.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
      })
      .catch(() => {});
    await gone;
    await tab.close();
    return goOn(bench, await browser.open(bench), file);
  });
});
