/** Uploads of real pages among faults that chance sends: whatever comes, what is stored is what was chosen. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultRule } from '../../../src/emulator/index.js';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { type Bench, IMPATIENT, KIB, PART } from '../support/bench.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';
import { assertInvariants } from '../support/oracle.js';
import { between, oneOf, type Random, randomFrom, SEED } from '../support/random.js';
import { TooLate } from '../support/too-late.js';

const RUNS = Number(process.env.FAULTS_RUNS ?? (HAS_DEVTOOLS ? 50 : 20));
const PROTOCOLS = ['chunked', 'presigned', 'gateway', 'auto', 'fastio'] as const;
/** In each run. */
const FAULTS = 6;
const MAX_PAUSE_MS = 700;
const PATIENCE_MS = 120_000;

interface Run {
  readonly bench: Bench;
  readonly tab: LabTab;
  readonly files: readonly MadeFile[];
  readonly random: Random;
}

const serverRules = (random: Random): readonly FaultRule[] => {
  const seed = between(random, 1, 1_000);
  const rule = (probability: number, action: FaultRule['action']): FaultRule => ({ probability, seed, action });
  return [
    rule(0.1, { type: 'status', status: oneOf(random, [500, 502, 503]) }),
    rule(0.05, { type: 'status', status: 429, headers: { 'Retry-After': '1' } }),
    rule(0.1, { type: 'reset', afterBytes: between(random, 0, PART) }),
    rule(0.1, { type: 'drop-answer' }),
    rule(0.2, { type: 'delay', ms: between(random, 50, 800) }),
  ];
};

/** The page comes again, and its user chooses what it asks for. */
const reload = async ({ tab, files }: Run): Promise<void> => {
  await tab.reload();
  await tab.restored();
  await chooseWanted(tab, files);
};

const chooseWanted = async (tab: LabTab, files: readonly MadeFile[]): Promise<void> => {
  const uploads = await tab.uploads();
  const wanted = uploads.filter(({ reason }) => reason === 'needs-file').map(({ name }) => name);
  const paths = files.filter(({ name }) => wanted.includes(name)).map(({ path }) => path);
  if (paths.length > 0) await tab.choose(...paths);
};

const FATE: Readonly<Record<string, (run: Run) => unknown>> = {
  reset: ({ bench }) => bench.proxy.resetAll(),
  breaks: ({ bench, random }) => bench.proxy.breakEvery(between(random, 300, 2_000)),
  slow: ({ bench, random }) => Object.assign(bench.proxy.up, { bytesPerSecond: between(random, 32, 512) * KIB }),
  shared: ({ bench, random }) =>
    Object.assign(bench.proxy.up, {
      sharedBytesPerSecond: between(random, 64, 1_024) * KIB,
      neighbours: between(random, 0, 4),
    }),
  latency: ({ bench, random }) =>
    Object.assign(bench.proxy.down, { latencyMs: between(random, 10, 300), jitterMs: 100 }),
  slices: ({ bench, random }) => Object.assign(bench.proxy.up, { sliceBytes: between(random, 500, 5_000) }),
  hole: async ({ bench, random }) => {
    bench.proxy.up.blackHole = true;
    await delay(between(random, 300, 2_500));
    bench.proxy.up.blackHole = false;
  },
  outage: async ({ bench, random }) => {
    await bench.proxy.refuse();
    bench.proxy.resetAll();
    await delay(between(random, 200, 1_500));
    await bench.proxy.listen();
  },
  cuts: ({ bench, random }) =>
    bench.proxy.onConnection((connection) => {
      connection.up.resetAfterBytes = between(random, 1, 6) * PART;
    }),
  server: ({ bench, random }) => bench.backend.faults(...serverRules(random)),
  restart: ({ bench }) => bench.backend.restart(),
  pause: async ({ tab }) => {
    await tab.act('pause');
    await delay(100);
    await tab.act('resume');
  },
  reload,
};

/** All is well again; the user helps wherever the page asks for it. */
const bringHome = async (run: Run): Promise<void> => {
  const { bench, tab, files } = run;
  bench.proxy.heal();
  bench.backend.faults();
  const endsAt = Date.now() + PATIENCE_MS;
  const isOver = async (): Promise<boolean> => {
    const uploads = await tab.uploads();
    const isHere = ({ name }: MadeFile): boolean =>
      uploads.some((upload) => upload.name === name) || bench.backend.files().some((stored) => stored.name === name);
    const lost = files.filter((file) => !isHere(file)).map(({ path }) => path);
    // Nothing is kept of an upload that has not begun on the server.
    if (lost.length > 0) await tab.choose(...lost);
    return lost.length === 0 && uploads.every(({ state }) => state === 'done');
  };
  while (!(await isOver())) {
    if (Date.now() > endsAt) throw new TooLate(`not over: ${JSON.stringify(await tab.uploads()).slice(0, 1_000)}`);
    await chooseWanted(tab, files);
    const uploads = await tab.uploads();
    if (uploads.some(({ state }) => state === 'failed')) await tab.act('retry');
    if (uploads.some(({ reason }) => reason === 'user')) await tab.act('resume');
    await delay(200);
  }
};

const assertWhole = ({ bench, files }: Run): void => {
  const stored = bench.backend.files();
  for (const { name, sha256 } of stored) {
    assert.equal(sha256, files.find((file) => file.name === name)?.sha256, `${name} is corrupt`);
  }
  for (const { name } of files)
    assert.ok(
      stored.some((file) => file.name === name),
      `${name} is not stored`,
    );
};

laboratory('R · random faults', ({ scenario }) => {
  for (let number = 0; number < RUNS; number++) {
    const random = randomFrom(SEED * 1_000 + number);
    const via = PROTOCOLS[number % PROTOCOLS.length] ?? 'chunked';
    const fates = Array.from({ length: FAULTS }, () => oneOf(random, Object.keys(FATE)));
    scenario(
      'R1',
      async (bench) => {
        const sizes = Array.from({ length: between(random, 1, 4) }, () => between(random, 0, 24 * PART));
        const files = await Promise.all(sizes.map((size, index) => bench.files.make(`${index}.bin`, size)));
        bench.proxy.up.bytesPerSecond = 128 * KIB;
        const tab = await bench.open();
        await tab.choose(...files.map(({ path }) => path));
        const run: Run = { bench, tab, files, random };
        for (const fate of fates) {
          await delay(between(random, 0, MAX_PAUSE_MS));
          await FATE[fate]?.(run);
        }
        await bringHome(run);
        assertWhole(run);
        assertInvariants(bench);
        return null;
      },
      { via, timeouts: IMPATIENT, ...(via === 'auto' && { attributes: { parallel: '3' } }) },
      `run ${number + 1} of seed ${SEED}, ${via}: ${fates.join(', ')}`,
    );
  }
});
