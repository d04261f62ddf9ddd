/** B: what servers answer, and how the page takes it. */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import { KIB, MIB, PART } from '../support/bench.js';
import { withJson } from '../support/http-relay.js';
import { laboratory } from '../support/laboratory.js';

const PUT_PART = { method: 'PUT', path: '/parts$' };
const COMPLETE = { method: 'POST', path: '/complete$' };

const status = (code: number, headers: Record<string, string> = {}) =>
  ({ type: 'status', status: code, headers }) as const;

/** Milliseconds between the answers of one request and the begin of the next. */
const gaps = (requests: readonly LogEntry[]): readonly number[] =>
  requests.slice(1).map(({ startedAt }, index) => startedAt - (requests[index]?.endedAt ?? 0));

laboratory('B · HTTP and back end, refusals', ({ scenario }) => {
  scenario('B1', async (bench) => {
    bench.backend.faults({ match: { ...PUT_PART, part: 2 }, times: 3, action: status(503) });
    const { file } = await bench.begin(256 * KIB);
    await bench.ended();
    const tries = bench.dataRequests().filter(({ part }) => part === 2);
    assert.equal(tries.length, 4);
    const planned = bench.retries.map(({ delayMs = 0 }) => delayMs);
    assert.equal(new Set(planned).size, 3, 'chance spreads the waits');
    for (const [index, gap] of gaps(tries).entries()) {
      assert.ok(gap >= (planned[index] ?? 0) - 10, `${gap} ms where ${planned[index]} were planned`);
    }
    return { stored: [file], extraBytes: 3 * PART };
  });

  scenario('B2', async (bench) => {
    bench.backend.faults({ match: PUT_PART, times: 1, action: status(429, { 'Retry-After': '7' }) });
    const bytesPerSecond = 256 * KIB;
    bench.proxy.up.bytesPerSecond = bytesPerSecond;
    const { file } = await bench.begin(2 * MIB);
    await bench.ended();
    const requests = bench.dataRequests();
    const refusedAt = requests.find((request) => request.status === 429)?.endedAt ?? 0;
    // Six requests may be on their way when the refusal comes, and take this long to arrive on the slow line.
    const quietFrom = refusedAt + 400 + (6 * PART * 1_000) / bytesPerSecond;
    const early = requests.filter(({ startedAt }) => startedAt > quietFrom && startedAt < refusedAt + 6_990);
    assert.deepEqual(early, []);
    return { stored: [file], extraBytes: 6 * PART };
  });

  const BACKOFFS = [
    { detail: 'as a date', value: () => new Date(Date.now() + 6_000).toUTCString(), atMost: 8_000 },
    { detail: 'absent', value: () => null, atMost: 5_000 },
    { detail: 'negative', value: () => '-5', atMost: 5_000 },
  ];
  for (const { detail, value, atMost } of BACKOFFS) {
    scenario(
      'B3',
      async (bench) => {
        const file = await bench.files.make('file.bin', PART);
        const tab = await bench.open();
        const retryAfter = value();
        const headers = retryAfter === null ? {} : { 'Retry-After': retryAfter };
        bench.backend.faults({ match: PUT_PART, times: 1, action: status(429, headers) });
        await tab.choose(file.path);
        await bench.ended();
        const requests = bench.dataRequests();
        const [gap = -1] = gaps(requests);
        assert.ok(gap >= 0 && gap <= atMost, `${gap} ms`);
        const date = Date.parse(retryAfter ?? '');
        // The answer may come when some of the time until then is over.
        if (date > 0) assert.ok((requests[1]?.startedAt ?? 0) >= date - 10, 'not before the date');
        return { stored: [file], extraBytes: PART };
      },
      {},
      detail,
    );
  }

  scenario(
    'B3',
    async (bench) => {
      bench.backend.faults({ match: PUT_PART, action: status(429, { 'Retry-After': '604800' }) });
      const { tab } = await bench.begin(PART);
      await bench.state('waiting', 'throttled');
      const [upload] = await tab.uploads();
      const waitMs = (upload?.resumesAt ?? 0) - Date.now();
      assert.ok(waitMs <= 301_000, `a week became ${waitMs} ms`);
      return { stored: [], extraBytes: PART, unfinished: 1 };
    },
    {},
    'absurd',
  );

  scenario(
    'B4',
    async (bench) => {
      bench.proxy.up.bytesPerSecond = 256 * KIB;
      const [first, second] = [await bench.files.make('first.bin', MIB), await bench.files.make('second.bin', PART)];
      const tab = await bench.open();
      await tab.choose(first.path);
      await bench.recorder.until('bytes under way', () => bench.dataRequests().length > 0);
      bench.backend.faults({ match: { method: 'POST', path: '/presigned-urls$' }, times: 2, action: status(500) });
      await tab.choose(second.path);
      await bench.ended(2);
      assert.equal(bench.dataRequests().length, 2, 'nothing was sent twice');
      return { stored: [first, second] };
    },
    { via: 'presigned' },
  );

  scenario(
    'B5',
    async (bench) => {
      bench.backend.faults({ match: { method: 'PUT', path: '^/storage/' }, times: 1, action: status(403) });
      const { file } = await bench.begin(MIB);
      await bench.ended();
      assert.equal(bench.requests('POST', /presigned-urls$/).length, 2);
      assert.equal(bench.retries.length, 0);
      return { stored: [file], extraBytes: MIB };
    },
    { via: 'presigned' },
  );

  scenario(
    'B6',
    async (bench) => {
      bench.backend.faults({ match: { method: 'PUT', path: '^/storage/' }, action: status(403) });
      await bench.begin(MIB);
      await bench.ended();
      assert.equal(bench.failure?.code, 'grant-expired');
      assert.equal(bench.requests('POST', /presigned-urls$/).length, 2);
      return { stored: [], extraBytes: 2 * MIB };
    },
    { via: 'presigned' },
  );

  for (const code of [404, 410]) {
    scenario(
      'B7',
      async (bench) => {
        bench.backend.faults({ match: PUT_PART, after: 2, times: 1, action: status(code) });
        const { file } = await bench.begin(512 * KIB);
        await bench.ended();
        assert.deepEqual(
          bench.retries.map(({ error }) => error?.code),
          ['session-lost'],
        );
        assert.equal(bench.requests('POST', /\/init$/).length, 2, 'one new session');
        return { stored: [file], extraBytes: 512 * KIB, orphans: 1 };
      },
      {},
      `${code} once`,
    );
  }

  scenario(
    'B7',
    async (bench) => {
      bench.backend.faults({ match: PUT_PART, action: status(404) });
      await bench.begin(512 * KIB);
      await bench.ended();
      assert.equal(bench.failure?.code, 'session-lost');
      assert.equal(bench.requests('POST', /\/init$/).length, 2, 'no loop');
      return { stored: [], extraBytes: MIB, orphans: 2 };
    },
    {},
    'for ever',
  );

  scenario('B8', async (bench) => {
    bench.backend.faults({ match: PUT_PART, action: status(413) });
    await bench.begin(512 * KIB);
    await bench.ended();
    assert.equal(bench.failure?.code, 'too-large');
    assert.ok(bench.dataRequests().length <= 6, 'no lane tried again');
    return { stored: [], extraBytes: 512 * KIB, orphans: 1 };
  });

  for (const as of ['absent', 'hidden'] as const) {
    scenario(
      'B9',
      async (bench) => {
        bench.backend.faults({ match: PUT_PART, action: { type: 'etag', as } });
        await bench.begin(4 * MIB);
        await bench.ended();
        assert.equal(bench.failure?.code, 'protocol');
        assert.match(bench.failure?.message ?? '', /Access-Control-Expose-Headers: ETag/);
        assert.ok(bench.dataRequests().length <= 6, 'long before the whole file was sent');
        return { stored: [], extraBytes: 6 * PART, orphans: 1 };
      },
      {},
      as,
    );
  }

  scenario('B11', async (bench) => {
    const body = '{"error": {"code": "internal", "message": "try again"}}';
    bench.backend.faults({ match: COMPLETE, times: 1, action: { type: 'status', status: 200, body } });
    const { file } = await bench.begin(256 * KIB);
    await bench.ended();
    assert.equal(bench.retries.length, 1);
    return { stored: [file] };
  });

  scenario('B12', async (bench) => {
    bench.backend.faults({ match: COMPLETE, times: 1, action: { type: 'drop-answer' } });
    const { file } = await bench.begin(256 * KIB);
    await bench.ended();
    // Chromium itself repeats a request whose used connection was reset.
    assert.ok(bench.requests('POST', /\/complete$/).length <= 2);
    assert.ok(bench.requests('GET', /\/chunked\//).length <= 1);
    return { stored: [file] };
  });

  scenario('B13', async (bench) => {
    const before = async (response: { write: (text: string) => void }): Promise<void> => {
      for (let beat = 0; beat < 24; beat++) {
        response.write(' ');
        await delay(1_500);
      }
    };
    bench.relay.spoil({ ...COMPLETE, path: /\/complete$/, before });
    const { file } = await bench.begin(256 * KIB);
    await bench.ended(1, 150_000);
    assert.equal(bench.requests('POST', /\/complete$/).length, 1);
    return { stored: [file] };
  });

  scenario('B14', async (bench) => {
    bench.backend.faults({ match: COMPLETE, times: 1, action: status(409) });
    bench.relay.spoil({
      method: 'GET',
      path: /\/chunked\/[^/]+$/,
      times: 1,
      after: withJson((body) => ({ ...body, parts: (body.parts as unknown[]).slice(1) })),
    });
    const { file } = await bench.begin(256 * KIB);
    await bench.ended();
    assert.equal(bench.dataRequests().length, 5, 'only the part that was missing went again');
    return { stored: [file], extraBytes: PART };
  });
});
