/** E3: the whole browser is killed at random points, over one profile, and whatever the moment was there is one object. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { type Bench, KIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';
import { type Random, randomFrom, SEED } from '../support/random.js';
import { endsOf } from '../support/recorder.js';

const SIZE = 768 * KIB;
const LANES = 6;
const KILLS = 20;
/** Each with a browser of its own, at the same time: starting one takes most of the time. */
const BROWSERS = 4;

/** From before the first request until after the last: the file takes a second. */
const LATEST_KILL_MS = 1_300;

const isStored = (bench: Bench, file: MadeFile): boolean =>
  bench.backend.files().some(({ sha256 }) => sha256 === file.sha256);

/** In the page after the kill. True when the browser had kept nothing of the upload, so that it began anew. */
const goOn = async (bench: Bench, tab: LabTab, file: MadeFile): Promise<boolean> => {
  await tab.restored();
  const [upload] = await tab.uploads();
  if (upload === undefined && isStored(bench, file)) return false;
  if (upload === undefined || upload.reason === 'needs-file') await tab.choose(file.path);
  await tab.allDone();
  return upload === undefined;
};

/** One file, one kill, one object. True when it had to begin anew. */
const strike = async (bench: Bench, browser: OwnBrowser, random: Random, round: number): Promise<boolean> => {
  const file = await bench.files.make(`file-${round}.bin`, SIZE);
  bench.proxy.up.bytesPerSecond = 128 * KIB;
  const tab = await browser.open(bench);
  await tab.choose(file.path);
  await delay(random() * LATEST_KILL_MS);
  await browser.kill();
  await browser.launch();
  bench.proxy.heal();
  const next = await browser.open(bench);
  const isAnew = await goOn(bench, next, file);
  await tab.close().catch(() => {});
  await next.close();
  const stored = bench.backend.files().filter(({ name }) => name === file.name);
  assert.deepEqual(
    stored.map(({ sha256 }) => sha256),
    [file.sha256],
    `round ${round} of seed ${SEED}`,
  );
  return isAnew;
};

laboratory(
  'E · the whole browser is killed',
  ({ scenario }) => {
    for (let group = 0; group < BROWSERS; group++) {
      const count = KILLS / BROWSERS;
      scenario(
        'E3',
        async (bench) => {
          const random = randomFrom(SEED + group);
          const browser = await OwnBrowser.start(bench);
          let anew = 0;
          for (let round = 0; round < count; round++) if (await strike(bench, browser, random, round)) anew += 1;
          const started = new Set(bench.recorder.events.flatMap(({ upload }) => upload?.id ?? []));
          // Of the rows that began anew nothing was kept; a last word may die with its page.
          const silent = started.size - endsOf(bench.recorder.events).size;
          assert.ok(silent <= count, `${silent} uploads never ended`);
          bench.report(`${count} kills, ${anew} began anew`);
          const stored = bench.backend.files().map((file) => ({ ...file, path: '' }));
          assert.equal(stored.length, count, 'one object for each file');
          return { stored, extraBytes: count * LANES * PART + anew * SIZE, unfinished: silent, orphans: anew };
        },
        // There the request that opens a session has a name, and asked again it opens no second one.
        { sameOrigin: true },
        `kills ${group * count + 1} to ${(group + 1) * count}, seed ${SEED}`,
      );
    }
  },
  { atOnce: 2 },
);
