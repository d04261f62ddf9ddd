/** G: several tabs, hasty users, and pages that misbehave around the element. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { eventually } from '../../storages/support/eventually.js';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';

/** A tab that drives an upload, with some parts confirmed and recorded, and how the others see it. */
const owner = async (bench: Bench): Promise<{ readonly tab: LabTab; readonly file: MadeFile }> => {
  bench.proxy.up.bytesPerSecond = 128 * KIB;
  const begun = await bench.begin(2 * MIB);
  await bench.parts(6);
  // Long enough for the record to be written, and slow enough for the others to come.
  bench.proxy.up.bytesPerSecond = 8 * KIB;
  await delay(400);
  return begun;
};

/** Part numbers that the server took, each as often as it did. */
const takenParts = (bench: Bench): readonly number[] =>
  bench.dataRequests().flatMap(({ part, status }) => (status === 200 ? (part ?? []) : []));

/** The requests of the scenario, a line each, for the message of an assertion. */
const listRequests = (bench: Bench): string =>
  bench.backend
    .log()
    .map(({ startedAt, method, path, part, status }) => `${startedAt} ${method} ${path} ${part ?? ''} ${status}`)
    .join('\n');

const assertNoDuplicate = (bench: Bench): void => {
  const taken = takenParts(bench);
  assert.equal(bench.requests('POST', /\/init$/).length, 1, `one session\n${listRequests(bench)}`);
  assert.equal(taken.length, new Set(taken).size, `no part was taken twice\n${listRequests(bench)}`);
};

laboratory('G · tabs, users, events', ({ scenario }) => {
  scenario('G1', async (bench) => {
    const { file } = await owner(bench);
    const others = [await bench.open(), await bench.open()];
    for (const other of others) await other.shows('other-tab');
    const seen = async () =>
      (await Promise.all(others.map((tab) => tab.uploads()))).map(([upload]) => upload?.ratio ?? 0);
    const before = await seen();
    await bench.parts(16);
    await eventually(async () => (await seen()).every((ratio, index) => ratio > (before[index] ?? 0)));
    bench.proxy.heal();
    await bench.ended();
    assertNoDuplicate(bench);
    return { stored: [file] };
  });

  scenario('G2', async (bench) => {
    const { tab, file } = await owner(bench);
    const other = await bench.open();
    await other.shows('other-tab');
    tab
      .evaluate(() => {
        for (;;);
      })
      .catch(() => {});
    await delay(2_000);
    assert.equal((await other.uploads())[0]?.reason, 'other-tab', 'who holds it may yet come back');
    await tab.crash();
    await other.shows('needs-file');
    bench.proxy.heal();
    await other.choose(file.path);
    await bench.ended();
    assertNoDuplicate(bench);
    return { stored: [file], extraBytes: 6 * PART };
  });

  scenario('G3', async (bench) => {
    const { tab, file } = await owner(bench);
    const others = [await bench.open(), await bench.open()];
    for (const other of others) await other.shows('other-tab');
    await tab.crash();
    const heirs = others.map(async (other) => ({ other, ms: await other.shows('needs-file') }));
    const { other, ms } = await Promise.any(heirs);
    bench.report(`taken over after ${(ms / 1000).toFixed(1)} s`);
    assert.ok(ms <= 3_000, `taken over after ${ms} ms`);
    bench.proxy.heal();
    await other.choose(file.path);
    await bench.ended();
    assertNoDuplicate(bench);
    return { stored: [file], extraBytes: 6 * PART };
  });

  scenario(
    'G4',
    async (bench) => {
      const { tab, file } = await owner(bench);
      await tab.reload();
      bench.proxy.heal();
      await tab.found();
      await tab.choose(file.path);
      await bench.ended();
      return { stored: [file], extraBytes: 6 * PART };
    },
    { beforeScripts: [`Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });`] },
  );

  scenario(
    'G5',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 512 * KIB;
      const { tab, file } = await bench.begin(2 * MIB);
      const turns = Array.from({ length: 100 }, (_, turn) => ({
        act: (turn * 7) % 11 < 5 ? ('pause' as const) : ('resume' as const),
        ms: (turn * 37) % 60,
      }));
      await tab.evaluate(async (plan) => {
        for (const { act, ms } of plan) {
          window.lab.element[act]();
          await new Promise((resolve) => setTimeout(resolve, ms));
        }
        window.lab.element.resume();
      }, turns);
      await bench.ended(1, 150_000);
      // Each pause may cost what was on its way.
      return { stored: [file], extraBytes: 50 * 6 * PART };
    },
    // What a pause meets half opened is opened once only where its requests have names.
    { sameOrigin: true },
  );

  const MOMENTS = [
    { detail: 'during mint', path: '/init$' },
    { detail: 'during parts', path: '/parts$' },
    { detail: 'during complete', path: '/complete$' },
  ];
  for (const { detail, path } of MOMENTS) {
    scenario(
      detail === 'during complete' ? 'G7' : 'G6',
      async (bench) => {
        bench.backend.faults({ match: { path }, action: { type: 'delay', ms: 1_500 } });
        const { tab, file } = await bench.begin(4 * PART);
        const wanted = new RegExp(path);
        await bench.recorder.until(detail, () =>
          bench.backend.log().some((entry) => entry.method !== 'OPTIONS' && wanted.test(entry.path)),
        );
        await delay(200);
        await tab.act('cancel');
        await bench.ended();
        await delay(2_000);
        const [upload] = await tab.uploads();
        assert.equal(upload?.state, 'canceled');
        const stored = bench.backend.files().length === 0 ? [] : [file];
        // What was on the wire may still have gone through: then there is one whole object, never a part of one.
        if (detail !== 'during complete') assert.deepEqual(stored, []);
        return { stored, extraBytes: MIB };
      },
      {},
      detail,
    );
  }

  for (const [duplicates, count] of [
    ['skip', 1],
    ['keep', 2],
  ] as const) {
    scenario(
      'G9',
      async (bench) => {
        const { tab, file } = await bench.begin(4 * PART);
        await tab.choose(file.path);
        await bench.ended(count);
        await delay(300);
        return { stored: [file, { ...file, name: 'file (2).bin' }].slice(0, count) };
      },
      { attributes: { duplicates } },
      duplicates,
    );
  }

  scenario('G10', async (bench) => {
    const file = await bench.files.make('file.bin', 8 * PART);
    const tab = await bench.open();
    await tab.evaluate(() => {
      for (const name of ['upload-state', 'upload-progress', 'part-complete', 'upload-complete'] as const) {
        window.lab.element.addEventListener(name, () => {
          throw new Error('of the host page');
        });
      }
    });
    await tab.choose(file.path);
    await bench.ended();
    return { stored: [file], pageErrors: /of the host page/ };
  });

  scenario(
    'G13',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { file } = await bench.begin(MIB);
      for (const parts of [4, 8]) {
        await bench.parts(parts);
        await bench.backend.restart();
      }
      bench.proxy.heal();
      await bench.ended();
      return { stored: [file], extraBytes: 24 * PART };
    },
    { via: 'gateway' },
  );

  scenario(
    'G3',
    async (bench) => {
      const browser = await OwnBrowser.start(bench);
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const file = await bench.files.make('file.bin', MIB);
      const tab = await browser.open(bench);
      await tab.choose(file.path);
      await bench.parts(4);
      await browser.kill();
      await browser.launch();
      const next = await browser.open(bench);
      await next.shows('needs-file');
      bench.proxy.heal();
      await next.choose(file.path);
      await bench.ended();
      assertNoDuplicate(bench);
      return { stored: [file], extraBytes: 6 * PART };
    },
    {},
    'with its whole browser',
  );
});
