/** B and G, continued: bytes that arrive changed, a back end with statuses of its own, and what the application hears. */

import assert from 'node:assert/strict';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import { withJson } from '../support/http-relay.js';
import { laboratory } from '../support/laboratory.js';

const CHECKED = { attributes: { checksums: '' } };
const DETAILS = { method: 'GET', path: /\/details\/?$/ };

const toldBy = (bench: Bench, by: 'gateway' | 'webhook'): readonly string[] =>
  bench.backend.told.filter((told) => told.by === by).map(({ fileId }) => fileId);

/** Until the application was told so often by webhooks. */
const webhooks = (bench: Bench, count: number): Promise<void> =>
  bench.recorder.until(`${count} webhooks`, () => toldBy(bench, 'webhook').length >= count);

/** One completion, however often and in whatever order it was heard of. */
const assertOneCompletion = (bench: Bench): void => {
  // What is delivered again later is told again, under the same id.
  const ids = new Set(bench.backend.told.map(({ fileId }) => fileId));
  assert.equal(ids.size, 1, 'one file was told of');
  const ends = bench.recorder.events.filter(({ name }) => name === 'upload-complete');
  assert.equal(ends.length, 1);
  assert.equal(ends[0]?.upload?.fileId, bench.backend.files()[0]?.fileId);
};

laboratory('B, G · dialects and news', ({ scenario }) => {
  scenario(
    'B10',
    async (bench) => {
      bench.proxy.up.flipAtByte = 20 * KIB;
      const { file } = await bench.begin(512 * KIB);
      await bench.ended();
      assert.deepEqual(
        bench.retries.map(({ error }) => error?.code),
        ['checksum-mismatch'],
      );
      return { stored: [file], extraBytes: PART };
    },
    CHECKED,
    'on its way, once',
  );

  scenario(
    'B10',
    async (bench) => {
      bench.backend.faults({ match: { method: 'PUT', part: 3 }, action: { type: 'etag', as: 'wrong' } });
      await bench.begin(512 * KIB);
      await bench.ended();
      assert.equal(bench.failure?.code, 'checksum-mismatch');
      assert.equal(bench.dataRequests().filter(({ part }) => part === 3).length, 2, 'sent again once');
      assert.equal(bench.requests('POST', /\/complete$/).length, 0, 'never complete over a bad part');
      return { stored: [], extraBytes: 512 * KIB + PART, orphans: 1 };
    },
    CHECKED,
    'for ever',
  );

  scenario(
    'B21',
    async (bench) => {
      bench.relay.spoil({ ...DETAILS, times: 4, after: withJson(withStatus('polishing')) });
      const { file } = await bench.begin(2 * MIB);
      await bench.ended();
      assert.equal(bench.retries.length, 0, 'it is no failure');
      assert.ok(bench.requests('GET', DETAILS.path).length > 4, 'it was asked on');
      return { stored: [file] };
    },
    { via: 'fastio', attributes: { 'part-size': String(MIB) } },
  );

  scenario(
    'B22',
    async (bench) => {
      const { tab } = await bench.begin(6 * MIB);
      await bench.ended();
      assert.equal(bench.failure?.code, 'assembly-failed');
      assert.match(bench.failure?.message ?? '', /assembly_failed/);
      assert.equal((await tab.uploads())[0]?.state, 'failed');
      await bench.recorder.until('the session to be deleted', () => bench.requests('DELETE', /\/upload\//).length > 0);
      return { stored: [], extraBytes: 12 * MIB };
    },
    {
      via: 'fastio',
      attributes: { 'part-size': String(MIB) },
      backend: { emulator: { current: { failsAssembly: /./ } } },
    },
  );

  scenario(
    'G11',
    async (bench) => {
      bench.backend.faults({ match: { method: 'PUT', path: '^/storage/' }, action: { type: 'delay', ms: 2_000 } });
      const { file } = await bench.begin(MIB);
      await webhooks(bench, 1);
      assert.equal(bench.recorder.events.filter(({ name }) => name === 'upload-complete').length, 0, 'it came first');
      await bench.ended();
      assertOneCompletion(bench);
      return { stored: [file] };
    },
    { via: 'auto', backend: { webhooks: {} } },
    'before the answer',
  );

  scenario(
    'G11',
    async (bench) => {
      const { file } = await bench.begin(MIB);
      await bench.ended();
      await webhooks(bench, 1);
      await bench.recorder.until('both deliveries', () => bench.backend.deliveries().length >= 2);
      assertOneCompletion(bench);
      return { stored: [file] };
    },
    { via: 'auto', backend: { webhooks: { arrange: (events) => [...events, ...events] } } },
    'twice',
  );

  scenario(
    'G11',
    async (bench) => {
      bench.backend.webhooksRefused = 2;
      const { file } = await bench.begin(MIB);
      await bench.ended();
      assert.deepEqual(toldBy(bench, 'webhook'), [], 'nothing was taken yet');
      await webhooks(bench, 1);
      assertOneCompletion(bench);
      return { stored: [file] };
    },
    { via: 'auto', backend: { webhooks: { retryDelayMs: 1_500 } } },
    'late',
  );

  scenario(
    'G12',
    async (bench) => {
      // The bytes arrive, their answer does not, and no webhook tells of them: the gateway asks.
      bench.backend.faults({
        match: { method: 'PUT', path: '^/storage/' },
        times: 1,
        action: { type: 'drop-answer' },
      });
      const { file } = await bench.begin(MIB);
      await bench.ended();
      assert.ok(toldBy(bench, 'gateway').length >= 1, 'the application knows all the same');
      assertOneCompletion(bench);
      return { stored: [file], extraBytes: MIB };
    },
    { via: 'auto' },
  );

  for (const via of ['chunked', 'gateway'] as const) {
    scenario(
      'G15',
      async (bench) => {
        bench.backend.faults({ match: { path: '/init$' }, times: 1, action: { type: 'drop-answer' } });
        const { file } = await bench.begin(MIB);
        await bench.ended();
        assert.ok(bench.requests('POST', /\/init$/).length >= 2, 'it was asked again');
        // That no second session is left behind is the oracle's to see.
        return { stored: [file] };
      },
      // Only a backend of the page's own origin is told the name of a request.
      { via, sameOrigin: true },
      via,
    );
  }
});

/** The details of a session that say something unheard of. */
const withStatus =
  (status: string) =>
  (body: Record<string, unknown>): unknown =>
    JSON.parse(JSON.stringify(body), (key, value) => (key === 'status' && typeof value === 'string' ? status : value));
