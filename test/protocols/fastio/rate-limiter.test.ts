import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { RateHeaders } from '../../../src/emulator/current/rate-limiter.js';
import { RateLimiter } from '../../../src/protocols/fastio/rate-limiter.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type Answer, wireResponse } from '../../support/scripted-transport.js';
import { type Bench, endsOf, fileOf, MiB, openBench, uploadAll } from './support/bench.js';

const { signal } = new AbortController();

const setUp = () => {
  const clock = new FakeClock();
  const limiter = new RateLimiter(clock);
  const startedAt: number[] = [];
  const run = (answer: Answer = {}, isPatient = false) =>
    limiter.run(
      async () => {
        startedAt.push(clock.now());
        return wireResponse('https://api.test/x', answer);
      },
      { signal, isPatient },
    );
  const inSeconds = (seconds: number) => String(Math.ceil(clock.wallNow() / 1000) + seconds);
  return { clock, run, startedAt, inSeconds };
};

const spent = (expires: string) => ({
  headers: { 'x-ve-limit-avail': '0', 'x-ve-limit-max': '2', 'x-ve-limit-expires': expires },
});

describe('RateLimiter', () => {
  it('lets everything through while no answer tells of a limit', async () => {
    const { clock, run, startedAt } = setUp();
    for (let count = 0; count < 50; count++) await run();
    assert.deepEqual(new Set(startedAt), new Set([clock.now()]));
  });

  it('gives each turn to one only, when many ask in one moment', async () => {
    const { clock, run, startedAt, inSeconds } = setUp();
    const renewedAt = clock.now() + 1000;
    const answer = { headers: { 'x-ve-limit-avail': '2', 'x-ve-limit-max': '9', 'x-ve-limit-expires': inSeconds(1) } };
    await run(answer);
    const all = Array.from({ length: 5 }, () => run(answer));
    await clock.advance(999);
    assert.equal(startedAt.length, 3);
    await clock.advance(1);
    await Promise.all(all);
    assert.deepEqual(
      startedAt.slice(3).map((at) => at >= renewedAt),
      [true, true, true],
    );
  });

  it('starts nothing before the moment at which a spent budget is renewed', async () => {
    const { clock, run, startedAt, inSeconds } = setUp();
    const renewedAt = clock.now() + 1000;
    await run(spent(inSeconds(1)));
    const next = run();
    await clock.advance(999);
    assert.equal(startedAt.length, 1);
    await clock.advance(1);
    await next;
    assert.deepEqual(startedAt.slice(1), [renewedAt]);
  });

  it('reads the legacy names and a date', async () => {
    const { clock, run, startedAt } = setUp();
    const date = new Date(clock.wallNow() + 2000).toISOString().slice(0, 19).replace('T', ' ');
    await run({
      headers: { 'X-Rate-Limit-Available': '0', 'X-Rate-Limit-Max': '2', 'X-Rate-Limit-Expiry': `${date} UTC` },
    });
    const next = run();
    await clock.advance(900);
    assert.equal(startedAt.length, 1);
    await clock.advance(1100);
    await next;
    assert.equal(startedAt.length, 2);
  });

  it('gives no more turns in the next window than the server allows', async () => {
    const { clock, run, startedAt, inSeconds } = setUp();
    await run(spent(inSeconds(1)));
    const waiting = Array.from({ length: 5 }, () => run());
    await clock.advance(1000);
    assert.equal(startedAt.length, 3);
    await clock.advance(3000);
    await Promise.all(waiting);
  });

  it('keeps away after a refusal for as long as it says', async () => {
    const { clock, run, startedAt } = setUp();
    await run({ status: 429, headers: { 'Retry-After': '2' } });
    const next = run();
    await clock.advance(1999);
    assert.equal(startedAt.length, 1);
    await clock.advance(1);
    await next;
    assert.equal(startedAt.length, 2);
  });

  it('hands a long wait to the engine, which shows it', async () => {
    const { run } = setUp();
    await run({ status: 429, headers: { 'Retry-After': '60' } });
    await assert.rejects(run(), { code: 'rate-limited', retriable: true, retryAfterMs: 60_000 });
  });

  it('waits in silence for those who are patient', async () => {
    const { clock, run, startedAt } = setUp();
    await run({ status: 429, headers: { 'Retry-After': '60' } });
    const next = run({}, true);
    await clock.advance(60_000);
    await next;
    assert.equal(startedAt.length, 2);
  });

  it('goes by the clock of the server when the page has another', async () => {
    const { clock, run, startedAt } = setUp();
    const serverNow = clock.wallNow() + 3600_000;
    const headers = { ...spent(String(serverNow / 1000 + 1)).headers, Date: new Date(serverNow).toUTCString() };
    await run({ headers });
    const next = run();
    await clock.advance(1000);
    await next;
    assert.equal(startedAt.length, 2);
  });
});

describe('a rate limit of the emulator', () => {
  let bench: Bench;

  afterEach(() => bench.close());

  for (const headers of ['ve-epoch', 'legacy-date'] satisfies RateHeaders[]) {
    it(`stays within a rate limit that is told by ${headers}`, async () => {
      bench = await openBench({ current: { rateLimit: { requests: 10, windowMs: 1000, headers } } });
      const files = [
        fileOf('a.bin', 6 * MiB),
        ...Array.from({ length: 3 }, (_, index) => fileOf(`${index}.bin`, 4 * MiB)),
      ];
      const uploads = await uploadAll(bench.open({ partSize: MiB }), files);
      assert.ok(uploads.every(({ state }) => state === 'done'));
      // What comes before its time is refused by the emulator.
      assert.deepEqual(bench.refused(), []);
    });
  }

  it('waits as long as a refusal says and then goes on', async () => {
    const rateLimit = { requests: 10, windowMs: 1000, headers: 'retry-after' } as const;
    bench = await openBench({ current: { rateLimit } });
    const uploads = await uploadAll(bench.open({ partSize: MiB }), [fileOf('a.bin', 16 * MiB)]);
    assert.deepEqual(endsOf(uploads), ['done']);
  });
});
