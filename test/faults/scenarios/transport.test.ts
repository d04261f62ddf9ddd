/** A: the line between the page and its storage, spoiled below HTTP. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, IMPATIENT, KIB, MIB, PART } from '../support/bench.js';
import { laboratory } from '../support/laboratory.js';

/** Requests for one part, of whatever outcome. */
const sendsOf = (bench: Bench, part: number): number =>
  bench.dataRequests().filter((request) => request.part === part).length;

const sendsOfAll = (bench: Bench, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => sendsOf(bench, index + 1));

/** Slow enough that a fault meets parts on their way. */
const throttle = (bench: Bench, bytesPerSecond: number): void => {
  bench.proxy.up.bytesPerSecond = bytesPerSecond;
};

/** More than the buffers between the page and the line take at once. */
const LARGE = 24 * MIB;
/** At 128 KiB a second and lane, the rest is not sent before the fault comes, even where the test runs slowly. */
const ENDURING = 16 * MIB;
/** Parts that go side by side. */
const LANES = 6;

/** A minute for each phase, where an hour passes in that time. */
const TIMELESS = { stallMs: 3_600_000, responseMs: 3_600_000, controlMs: 3_600_000 };

laboratory('A · transport', ({ scenario }) => {
  scenario('A1', async (bench) => {
    throttle(bench, 128 * KIB);
    const { file } = await bench.begin(2 * MIB);
    await bench.parts(6);
    const [busiest] = bench.proxy.connections.toSorted((a, b) => b.passed.up - a.passed.up);
    assert.ok(busiest);
    busiest.up.resetAfterBytes = busiest.passed.up + 40 * KIB;
    await bench.ended();
    const repeated = sendsOfAll(bench, 32).filter((sends) => sends > 1);
    assert.deepEqual(repeated, [2], 'one part went twice');
    return { stored: [file], extraBytes: PART };
  });

  scenario('A2', async (bench) => {
    bench.backend.faults({ match: { part: 3 }, times: 1, action: { type: 'drop-answer' } });
    const { file } = await bench.begin(512 * KIB);
    await bench.ended();
    assert.equal(sendsOf(bench, 3), 2);
    return { stored: [file], extraBytes: PART };
  });

  scenario(
    'A3',
    async (bench) => {
      throttle(bench, 4 * MIB);
      const { file } = await bench.begin(LARGE);
      const passed = () => Math.max(0, ...bench.proxy.connections.map(({ passed: { up } }) => up));
      await bench.recorder.until('40 %', () => passed() >= 0.4 * LARGE);
      const holes = bench.proxy.connections;
      for (const { up, down } of holes) Object.assign(up, Object.assign(down, { blackHole: true }));
      const struckAt = Date.now();
      await bench.recorder.until('a retry', (events) => events.some(({ name }) => name === 'upload-retry'), 60_000);
      const noticedMs = Date.now() - struckAt;
      bench.report(`noticed after ${(noticedMs / 1000).toFixed(1)} s`);
      throttle(bench, Number.POSITIVE_INFINITY);
      // A connection that lay idle may be just as dead, and is found out by its own silence.
      await bench.ended(1, 200_000);
      return { stored: [file], extraBytes: 2 * LARGE };
    },
    { attributes: { 'part-size': String(LARGE) } },
  );

  scenario(
    'A4',
    async (bench) => {
      bench.proxy.up.blackHole = true;
      const { file } = await bench.begin(256 * KIB);
      await bench.state('waiting', 'backoff');
      bench.proxy.heal();
      bench.proxy.resetAll();
      await bench.ended();
      return { stored: [file] };
    },
    { timeouts: IMPATIENT },
  );

  scenario('A5', async (bench) => {
    throttle(bench, 128 * KIB);
    const { file } = await bench.begin(ENDURING);
    await bench.parts(8);
    await bench.proxy.refuse();
    bench.proxy.resetAll();
    await delay(60_000);
    bench.proxy.heal();
    const before = bench.dataRequests().length;
    const backAt = Date.now();
    await bench.proxy.listen();
    await bench.recorder.until('a request', () => bench.dataRequests().length > before, 10_000);
    const resumedMs = Date.now() - backAt;
    bench.report(`resumed ${(resumedMs / 1000).toFixed(1)} s after the network's return`);
    assert.ok(resumedMs <= 3_000, `resumed ${resumedMs} ms after the network's return`);
    await bench.ended();
    return { stored: [file], extraBytes: 6 * PART };
  });

  scenario(
    'A6',
    async (bench) => {
      throttle(bench, 128 * KIB);
      const { tab, file } = await bench.begin(ENDURING);
      await bench.parts(4);
      await tab.setOffline(true);
      await bench.state('waiting', 'offline');
      const before = bench.backend.log().length;
      // Ten minutes of the engine's time.
      await delay(10_000);
      // The browser may be wrong about its network, so that each lane tries twice a minute; of that, preflights get through.
      const meanwhile = bench.backend.log().slice(before);
      const others = meanwhile.filter(({ method }) => method !== 'OPTIONS');
      assert.deepEqual(others, [], 'nothing was sent while offline');
      assert.ok(meanwhile.length <= LANES * 21, `${meanwhile.length} preflights in ten minutes`);
      bench.proxy.heal();
      await tab.setOffline(false);
      await bench.ended();
      return { stored: [file], extraBytes: 6 * PART };
    },
    { clockRate: 60, timeouts: TIMELESS, attributes: { 'retry-window': '60' } },
  );

  scenario('A7', async (bench) => {
    throttle(bench, 128 * KIB);
    const { tab, file } = await bench.begin(ENDURING);
    await bench.parts(4);
    await tab.setOffline(true);
    await bench.state('waiting', 'offline');
    await bench.proxy.refuse();
    bench.proxy.resetAll();
    await tab.setOffline(false);
    await bench.state('waiting', 'backoff');
    bench.proxy.heal();
    await bench.proxy.listen();
    await bench.ended();
    return { stored: [file], extraBytes: 6 * PART };
  });

  scenario('A9', async (bench) => {
    // Each connection lives for some dozen requests only. Chromium repeats some of those that it sent on a used one.
    let seed = 9;
    bench.proxy.onConnection((connection) => {
      seed = (seed * 48_271) % 2_147_483_647;
      connection.up.resetAfterBytes = (5 + (seed % 15)) * PART;
    });
    const { file } = await bench.begin(16 * MIB);
    await bench.ended(1, 150_000);
    const sent = bench.dataRequests().reduce((sum, { bytes }) => sum + bytes, 0);
    const { resetCount } = bench.proxy;
    assert.ok(resetCount >= 10, `${resetCount} resets`);
    assert.ok(file.size / sent >= 0.7, `${sent} bytes for ${file.size}`);
    return { stored: [file], extraBytes: resetCount * PART };
  });

  scenario(
    'A10',
    async (bench) => {
      Object.assign(bench.proxy.up, { latencyMs: 10 });
      Object.assign(bench.proxy.down, { latencyMs: 10 });
      const { file } = await bench.begin(2 * MIB);
      await bench.parts(6);
      Object.assign(bench.proxy.up, { latencyMs: 1_000, jitterMs: 200 });
      Object.assign(bench.proxy.down, { latencyMs: 1_000, jitterMs: 200 });
      await bench.ended(1, 150_000);
      assert.deepEqual(sendsOfAll(bench, 32), Array(32).fill(1));
      return { stored: [file] };
    },
    { timeouts: { stallMs: 8_000, responseMs: 8_000, controlMs: 12_000 } },
  );

  scenario(
    'A11',
    async (bench) => {
      throttle(bench, 8 * MIB);
      const { file } = await bench.begin(12 * MIB);
      await bench.parts(2);
      throttle(bench, 160 * KIB);
      await delay(8_000);
      throttle(bench, 8 * MIB);
      await bench.ended(1, 200_000);
      assert.deepEqual(sendsOfAll(bench, 12), Array(12).fill(1));
      return { stored: [file] };
    },
    { attributes: { 'part-size': String(MIB) } },
  );

  scenario(
    'A12',
    async (bench) => {
      throttle(bench, 256 * KIB);
      const { file } = await bench.begin(ENDURING);
      await bench.parts(8);
      const old = bench.proxy.connections;
      for (const { up, down } of old) Object.assign(up, Object.assign(down, { blackHole: true }));
      throttle(bench, Number.POSITIVE_INFINITY);
      await bench.ended();
      // The browser decides how many it needs; of the old ones none can have carried the rest.
      assert.ok(bench.proxy.connectionCount > old.length, 'flows were made anew');
      return { stored: [file], extraBytes: 6 * PART };
    },
    { timeouts: IMPATIENT },
  );

  scenario(
    'A13',
    async (bench) => {
      bench.proxy.onConnection((connection) => {
        if (connection.number === 3) connection.down.resetAfterBytes = 30;
      });
      const { file } = await bench.begin(MIB);
      await bench.ended();
      return { stored: [file], extraBytes: 2 * PART };
    },
    {},
    'inside the headers',
  );

  scenario(
    'A13',
    async (bench) => {
      bench.relay.spoil({
        method: 'POST',
        path: /\/complete$/,
        times: 1,
        after: (answer) => ({ ...answer, body: answer.body.slice(0, 12) }),
      });
      const { file } = await bench.begin(256 * KIB);
      await bench.ended();
      // The browser may have lost another connection of its own before an answer came.
      const answered = bench.requests('POST', /\/complete$/).filter(({ aborted }) => !aborted);
      assert.equal(answered.length, 1, 'asked before repeated');
      return { stored: [file] };
    },
    {},
    'inside the JSON',
  );

  scenario(
    'A17',
    async (bench) => {
      bench.backend.faults(
        { match: { method: 'OPTIONS' }, action: { type: 'no-cors' } },
        { action: { type: 'no-cors' } },
      );
      await bench.begin(256 * KIB);
      await bench.ended();
      const end = bench.recorder.events.find(({ name }) => name === 'upload-failed');
      assert.equal(end?.error?.code, 'cors');
      assert.ok(bench.backend.log().length < 20, 'few requests found it out');
      return { stored: [] };
    },
    {},
    'refused',
  );

  scenario(
    'A17',
    async (bench) => {
      bench.backend.faults({ match: { method: 'OPTIONS' }, times: 1, action: { type: 'swallow' } });
      const { file } = await bench.begin(256 * KIB);
      await bench.ended();
      return { stored: [file] };
    },
    { timeouts: IMPATIENT },
    'without an answer',
  );

  scenario(
    'A17',
    async (bench) => {
      throttle(bench, 256 * KIB);
      const { file } = await bench.begin(2 * MIB);
      await bench.parts(2);
      // Chromium does not end a preflight with its request: one for each lane would occupy all its connections for good.
      bench.relay.spoil({ method: 'OPTIONS', path: /\/parts$/, times: LANES, instead: () => {} });
      await bench.ended();
      return { stored: [file] };
    },
    { timeouts: IMPATIENT },
    'without an answer, between parts',
  );

  scenario('A18', async (bench) => {
    Object.assign(bench.proxy.up, { closeDelayMs: 60_000 });
    Object.assign(bench.proxy.down, { closeDelayMs: 60_000 });
    const headers = { Connection: 'close' };
    bench.backend.faults({ match: { method: 'PUT' }, times: 3, action: { type: 'status', status: 503, headers } });
    const startedAt = Date.now();
    const { file } = await bench.begin(512 * KIB);
    await bench.ended();
    assert.ok(Date.now() - startedAt < 50_000, 'nothing waited for the end of a connection');
    return { stored: [file], extraBytes: 3 * PART };
  });
});
