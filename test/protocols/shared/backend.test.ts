import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf, openChunked, presignedBench } from '../../support/builders.js';
import { GRANT } from '../../support/scripted-server.js';

describe('Backend, refusals', () => {
  const cases = [
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [402, 'payment-required'],
    [404, 'configuration'],
    [413, 'too-large'],
    [507, 'storage'],
    [400, 'http'],
  ] as const;

  for (const [status, code] of cases) {
    it(`ends with \`${code}\` when the backend answers ${status}`, async () => {
      const { engine, transport, server } = presignedBench();
      engine.addFiles([fileOf('a.txt')]);

      await (await server.nextMint()).answer({ status });

      const [upload] = engine.uploads;
      assert.deepEqual([upload?.state, upload?.error?.code, upload?.error?.status], ['failed', code, status]);
      await transport.quiet();
    });
  }

  it('ends with `configuration` when a page answers instead of an API', async () => {
    const { engine, server } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);

    await (await server.nextMint()).answer({ text: '<!doctype html><title>Hello</title>' });

    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
  });

  it('lets other files go on', async () => {
    const bench = presignedBench();
    const first = bench.add(fileOf('a.txt'));
    const second = bench.add(fileOf('b.txt'));
    await (await bench.server.nextMint()).answer({ status: 413 });
    await bench.server.store();

    assert.deepEqual([bench.state(first), bench.state(second)], ['failed', 'done']);
  });
});

describe('Backend, the wishes of the server', () => {
  it('waits until a date by the clock of the server, where the answer tells its time', async () => {
    const { clock, engine, server } = presignedBench();
    const serverNow = clock.wallNow() - 2 * 3600_000;
    engine.addFiles([fileOf('a.txt')]);

    await (await server.nextMint()).answer({
      status: 429,
      headers: {
        Date: new Date(serverNow).toUTCString(),
        'Retry-After': new Date(serverNow + 120_000).toUTCString(),
      },
    });

    const resumesAt = engine.uploads[0]?.resumesAt ?? 0;
    assert.ok(Math.abs(resumesAt - clock.wallNow() - 120_000) <= 1000, String(resumesAt - clock.wallNow()));
  });

  it('starts nothing while the last good answer says that the budget is spent', async () => {
    const { bench, server } = await openChunked(20, { parallel: 1 });
    const headers = {
      ETag: '"etag-1"',
      'x-ve-limit-avail': '0',
      'x-ve-limit-expires': String(Math.ceil((bench.clock.wallNow() + 4_000) / 1000)),
    };
    await (await server.nextPart()).answer({ headers });

    await bench.clock.advance(3_900);
    await bench.transport.quiet();
    await bench.clock.advance(1_200);

    await server.nextPart();
  });
});

describe('Backend, the headers of the page', () => {
  it('asks for them again when the page could not get them', async () => {
    let asked = 0;
    const bench = presignedBench({
      headers: async () => {
        asked += 1;
        if (asked < 3) throw new TypeError('Failed to fetch');
        return { Authorization: 'Bearer sesame' };
      },
    });
    const id = bench.add(fileOf('a.txt'));
    await bench.clock.advanceUntil(() => asked === 3);

    const mint = await bench.server.nextMint();
    assert.equal(mint.headers.Authorization, 'Bearer sesame');
    await mint.answer({ json: GRANT });
    await (await bench.server.nextPut()).answer({});

    assert.equal(bench.state(id), 'done');
    assert.deepEqual(
      bench.events.of('upload-retry').map(({ error }) => error.code),
      ['network', 'network'],
    );
  });

  it('takes a function that throws at once for one that rejects, and leaves no rejection unhandled', async () => {
    const bench = presignedBench({
      headers: () => {
        throw new TypeError("Cannot read properties of null (reading 'token')");
      },
    });
    bench.add(fileOf('a.txt'));
    await bench.clock.advanceUntil(() => bench.events.of('upload-retry').length > 0);

    assert.equal(bench.events.of('upload-retry')[0]?.error.code, 'network');
    // Node looks for unhandled rejections once all microtasks have run, and fails the test for one.
    await new Promise(setImmediate);
  });

  it('does not wait for ever for a page that does not answer', async () => {
    const bench = presignedBench({ headers: () => new Promise(() => {}), retryWindowMs: 60_000 });
    const id = bench.add(fileOf('a.txt'));
    await bench.clock.advanceUntil(() => bench.state(id) === 'failed', 10 * 60_000);

    assert.equal(bench.engine.uploads[0]?.error?.code, 'network');
  });
});
