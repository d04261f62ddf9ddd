/** E3: the whole browser is killed at random points, over one profile, and whatever the moment was there is one object. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { type Laboratory, laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';
import { type Random, randomFrom, SEED } from '../support/random.js';
import { endsOf } from '../support/recorder.js';

const LANES = 6;

/** What is sent when the browser is killed. */
interface Course {
  readonly detail: string;
  readonly via: 'chunked' | 'fastio' | 'multipart';
  readonly partSize: string;
  readonly size: number;
  /** Of the line, in bytes per second. */
  readonly rate: number;
  /** Connections break after so many bytes, at most, so that later parts are cut smaller. */
  readonly cutAfter: number;
  /** Largest part. */
  readonly largest: number;
  readonly kills: number;
  /** Each with a browser of its own, at the same time: starting one takes most of the time. */
  readonly browsers: number;
  /** From before the first request until after the last. */
  readonly latestKillMs: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const EQUAL: Course = {
  ...{ detail: 'parts of one size', via: 'chunked', partSize: String(PART), size: 768 * KIB, rate: 128 * KIB },
  ...{ cutAfter: NEVER, largest: PART, kills: 20, browsers: 4, latestKillMs: 1_300 },
};
const VARYING: Course = {
  ...{ detail: 'parts of varying sizes', via: 'chunked', partSize: 'auto', size: 4 * MIB, rate: 384 * KIB },
  ...{ cutAfter: 3 * MIB, largest: 2 * MIB, kills: 8, browsers: 2, latestKillMs: 4_000 },
};
const COURSES: readonly Course[] = [
  EQUAL,
  VARYING,
  { ...VARYING, detail: 'parts of varying sizes by signed URLs', via: 'multipart' },
  {
    ...VARYING,
    detail: 'chunks of varying sizes',
    via: 'fastio',
    size: 12 * MIB,
    rate: MIB,
    cutAfter: 8 * MIB,
    largest: 4 * MIB,
  },
];

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

interface Scene {
  readonly bench: Bench;
  readonly browser: OwnBrowser;
  readonly random: Random;
  readonly course: Course;
}

/** One file, one kill, one object. True when it had to begin anew. */
const strike = async (scene: Scene, round: number): Promise<boolean> => {
  const { bench, browser, random, course } = scene;
  const file = await bench.files.make(
    `file-${round}.bin`,
    Math.ceil(course.size * (course === EQUAL ? 1 : 0.6 + 0.4 * random())),
  );
  bench.proxy.up.bytesPerSecond = course.rate;
  if (Number.isFinite(course.cutAfter)) {
    bench.proxy.onConnection((connection) => {
      connection.up.resetAfterBytes = Math.ceil(course.cutAfter * (0.1 + 0.9 * random()));
    });
  }
  const tab = await browser.open(bench);
  await tab.choose(file.path);
  await delay(random() * course.latestKillMs);
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

const scenarioOf = (scenario: Laboratory['scenario'], course: Course, group: number): void => {
  const { detail, via, partSize, size, largest } = course;
  const count = course.kills / course.browsers;
  scenario(
    'E3',
    async (bench) => {
      const random = randomFrom(SEED + group);
      const browser = await OwnBrowser.start(bench);
      let anew = 0;
      for (let round = 0; round < count; round++) {
        if (await strike({ bench, browser, random, course }, round)) anew += 1;
      }
      const started = new Set(bench.recorder.events.flatMap(({ upload }) => upload?.id ?? []));
      // Of the rows that began anew nothing was kept; a last word may die with its page.
      const silent = started.size - endsOf(bench.recorder.events).size;
      assert.ok(silent <= count, `${silent} uploads never ended`);
      const sizes = new Set(bench.dataRequests().map(({ bytes }) => bytes));
      assert.ok(partSize !== 'auto' || sizes.size > 2, 'the parts varied');
      bench.report(`${count} kills (${detail}), ${anew} began anew`);
      const stored = bench.backend.files().map((file) => ({ ...file, path: '' }));
      assert.equal(stored.length, count, 'one object for each file');
      // A break costs what is in flight, as a kill does.
      const losses = (count + bench.proxy.resetCount) * LANES * largest;
      return { stored, extraBytes: losses + anew * size, unfinished: silent, orphans: anew };
    },
    // There the request that opens a session has a name, and asked again it opens no second one.
    { sameOrigin: true, via, attributes: { 'part-size': partSize } },
    `${detail}, kills ${group * count + 1} to ${(group + 1) * count}, seed ${SEED}`,
  );
};

laboratory(
  'E · the whole browser is killed',
  ({ scenario }) => {
    for (const course of COURSES) {
      for (let group = 0; group < course.browsers; group++) scenarioOf(scenario, course, group);
    }
  },
  { atOnce: 2 },
);
