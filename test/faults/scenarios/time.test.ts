/** C: clocks that are wrong, machines that sleep, and rights that end in the middle. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { IMPATIENT, KIB, MIB, PART } from '../support/bench.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';

const HOUR_MS = 3_600_000;

/** The page's clock is wrong by what `window.clockShiftMs` says, from the first script on. */
const shiftedClock = (ms: number): string => `
  window.clockShiftMs = ${ms};
  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...args) { args.length === 0 ? super(RealDate.now() + window.clockShiftMs) : super(...args); }
    static now() { return RealDate.now() + window.clockShiftMs; }
  };`;

laboratory('C · time and credentials', ({ scenario }) => {
  for (const [detail, ms] of [
    ['fast', 2 * HOUR_MS],
    ['slow', -2 * HOUR_MS],
  ] as const) {
    for (const via of ['chunked', 'presigned'] as const) {
      scenario(
        'C1',
        async (bench) => {
          const { file } = await bench.begin(MIB);
          await bench.ended();
          assert.equal(bench.retries.length, 0);
          assert.equal(bench.requests('POST', /presigned-urls$/).length, via === 'presigned' ? 1 : 0, 'grants');
          return { stored: [file] };
        },
        { via, beforeScripts: [shiftedClock(ms)] },
        `${detail}, ${via}`,
      );
    }
  }

  scenario(
    'C2',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { tab, file } = await bench.begin(2 * MIB);
      for (const [parts, hours] of [
        [4, 3],
        [10, -5],
        [16, 0],
      ] as const) {
        await bench.parts(parts);
        await tab.evaluate((ms) => {
          Object.assign(window, { clockShiftMs: ms });
        }, hours * HOUR_MS);
      }
      await bench.ended();
      // That no rate and no time is negative is the oracle's to see.
      const rates = bench.recorder.events.flatMap(({ name, upload }) =>
        name === 'upload-progress' ? (upload?.bytesPerSecond ?? []) : [],
      );
      assert.ok(Math.max(...rates) < 100 * MIB, 'no rate ran away');
      return { stored: [file] };
    },
    { beforeScripts: [shiftedClock(0)] },
  );

  scenario(
    'C3',
    async (bench) => {
      // Every grant has ended when its request arrives.
      bench.relay.spoil({
        method: 'PUT',
        path: /^\/storage\//,
        instead: async (request, response) => {
          for await (const _ of request);
          response.writeHead(403, { 'Access-Control-Allow-Origin': '*' }).end();
        },
      });
      await bench.begin(MIB);
      await bench.ended();
      assert.equal(bench.failure?.code, 'grant-expired');
      assert.equal(bench.requests('POST', /presigned-urls$/).length, 2, 'no loop');
      return { stored: [] };
    },
    { via: 'presigned', backend: { gateway: { grantTtlSeconds: 5 } } },
  );

  for (const via of ['chunked', 'presigned'] as const) {
    scenario(
      'C4',
      async (bench) => {
        const file = await bench.files.make('file.bin', 2 * MIB);
        bench.proxy.up.bytesPerSecond = 128 * KIB;
        const browser = await OwnBrowser.start(bench);
        const tab = await browser.open(bench);
        await tab.choose(file.path);
        await bench.recorder.until('bytes', () => bench.dataRequests().length > 0);
        await delay(1_500);
        browser.sleep();
        bench.proxy.resetAll();
        bench.backend.clockShiftMs = HOUR_MS / 3;
        await delay(4_000);
        bench.proxy.heal();
        browser.wake();
        await bench.ended(1, 150_000);
        if (via === 'presigned') assert.equal(bench.requests('POST', /presigned-urls$/).length, 2);
        return { stored: [file], extraBytes: via === 'presigned' ? 4 * MIB : 12 * PART };
      },
      { via, backend: { gateway: { grantTtlSeconds: 300 } }, timeouts: { ...IMPATIENT, responseMs: 20_000 } },
      via,
    );
  }

  scenario(
    'C5',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { tab, file } = await bench.begin(MIB);
      await bench.parts(4);
      bench.backend.userId = null;
      await bench.state('paused', 'needs-sign-in');
      bench.backend.userId = 'ada';
      bench.proxy.heal();
      await tab.act('resume');
      await bench.ended();
      return { stored: [file], extraBytes: 12 * PART };
    },
    { via: 'gateway' },
  );

  scenario(
    'C6',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { tab } = await bench.begin(MIB);
      await bench.parts(4);
      bench.backend.userId = 'mallory';
      bench.proxy.heal();
      await bench.recorder.until('a stop', (events) =>
        events.some(({ upload }) => upload?.state === 'failed' || upload?.state === 'paused'),
      );
      const [upload] = await tab.uploads();
      assert.notEqual(upload?.state, 'done');
      assert.deepEqual(bench.backend.files(), [], 'nothing was stored for the wrong user');
      bench.backend.userId = 'ada';
      await tab.act('cancel');
      return { stored: [], extraBytes: 2 * MIB, orphans: 1 };
    },
    { via: 'gateway' },
  );

  scenario(
    'C7',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 128 * KIB;
      const { file } = await bench.begin(MIB);
      await bench.parts(4);
      await bench.backend.restart(undefined, { ticketSecret: 'another secret of the laboratory, as long as that' });
      bench.proxy.heal();
      await bench.ended();
      const codes = bench.retries.map(({ error }) => error?.code);
      assert.ok(codes.includes('session-lost'), 'it was said that the upload began anew');
      return { stored: [file], extraBytes: 2 * MIB, orphans: 1 };
    },
    { via: 'gateway' },
  );
});
