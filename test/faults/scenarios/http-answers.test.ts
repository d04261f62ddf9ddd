/** B, continued: answers that lie, come in another order, or lead elsewhere; and sizes at which plans go wrong. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { CannotRun } from '../../support/browsers/cannot-run.js';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import { withJson } from '../support/http-relay.js';
import { laboratory } from '../support/laboratory.js';

const SESSION_STATE = { method: 'GET', path: /\/chunked\/[^/]+$/ };

/** A server that is no endpoint. Counts the bytes that it is sent. */
const startStranger = async (bench: Bench, allowsCors: boolean) => {
  const stranger = { host: '', bytes: 0 };
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      stranger.bytes += chunk.length;
    });
    if (allowsCors) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Methods', '*');
      response.setHeader('Access-Control-Allow-Headers', 'authorization, content-type, fastio-part-number');
    }
    request.on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stranger.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  bench.onClose(async () => {
    server.closeAllConnections();
    server.close();
  });
  return stranger;
};

/** Loses the last parts of the only session, as a disk does whose last writes were not flushed. */
const forgetParts = async (bench: Bench, numbers: readonly number[]): Promise<void> => {
  const [session = ''] = await bench.backend.openSessions();
  const parts = (await readdir(session)).filter((name) => numbers.includes(Number.parseInt(name, 10)));
  for (const name of parts) await rm(join(session, name));
};

laboratory('B · HTTP and back end, answers', ({ scenario }) => {
  scenario('B16', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { tab, file } = await bench.begin(MIB);
    await bench.parts(6);
    bench.relay.spoil({
      ...SESSION_STATE,
      after: withJson((body) => ({
        ...body,
        parts: (body.parts as { part_number: number; size: number }[]).map((part) =>
          part.part_number === 1 ? { ...part, size: part.size - 1 } : part,
        ),
      })),
    });
    await tab.reload();
    bench.proxy.heal();
    await tab.found();
    await tab.choose(file.path);
    await bench.ended();
    const sends = bench.dataRequests().filter(({ part, status }) => part === 1 && status === 200);
    assert.equal(sends.length, 2, 'the part of another size went again');
    return { stored: [file], extraBytes: 7 * PART, disowned: [1] };
  });

  scenario('B17', async (bench) => {
    bench.proxy.up.bytesPerSecond = 128 * KIB;
    const { file } = await bench.begin(MIB);
    await bench.parts(10);
    const confirmed = bench.recorder.events.flatMap(({ part }) => part ?? []).toSorted((a, b) => a - b);
    const lost = confirmed.slice(-2);
    await bench.backend.restart(() => forgetParts(bench, lost));
    bench.proxy.heal();
    await bench.ended();
    const again = bench.retries.map(({ error }) => error?.code);
    assert.ok(again.includes('part-mismatch'), 'it was said that the server had lost parts');
    return { stored: [file], extraBytes: (2 + 12) * PART };
  });

  for (const allowsCors of [false, true]) {
    scenario(
      'B20',
      async (bench) => {
        const stranger = await startStranger(bench, allowsCors);
        bench.relay.spoil({
          method: 'PUT',
          path: /\/parts$/,
          instead: async (request, response) => {
            for await (const _ of request);
            response.writeHead(307, {
              Location: `http://${stranger.host}/`,
              'Access-Control-Allow-Origin': bench.pageOrigin,
            });
            response.end();
          },
        });
        const { tab, file } = await bench.begin(256 * KIB);
        // The backend was seen to work: what stands before it now may be the end of the user's session.
        await bench.state('paused', 'needs-sign-in');
        assert.equal(stranger.bytes, 0, 'not a byte went there');
        bench.relay.spoil();
        await tab.act('retry');
        await bench.ended();
        return { stored: [file], hosts: [stranger.host], extraBytes: MIB };
      },
      {},
      allowsCors ? 'that takes the bytes' : 'that knows nothing of it',
    );
  }

  for (const uploadUrl of ['javascript:alert(1)', 'ftp://127.0.0.1/x', 'http://user:secret@127.0.0.1:1/x']) {
    scenario(
      'B23',
      async (bench) => {
        bench.relay.spoil({
          method: 'POST',
          path: /\/presigned$/,
          after: withJson((grant) => ({ ...grant, uploadUrl })),
        });
        await bench.begin(PART);
        await bench.ended();
        assert.equal(bench.failure?.code, 'configuration');
        assert.ok(!JSON.stringify(bench.recorder.events).includes('secret'));
        assert.equal(bench.dataRequests().length, 0);
        return { stored: [] };
      },
      { via: 'presigned' },
      new URL(uploadUrl).protocol + (uploadUrl.includes('@') ? ' with a password' : ''),
    );
  }

  scenario(
    'B24',
    async (bench) => {
      bench.relay.spoil({
        method: 'POST',
        path: /\/presigned$/,
        times: 1,
        after: withJson((body) => ({ grants: (body.grants as unknown[]).slice(0, 1) })),
      });
      const names = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
      const files = await Promise.all(names.map((name) => bench.files.make(name, PART)));
      const tab = await bench.open();
      await tab.choose(...files.map(({ path }) => path));
      await bench.ended(4);
      return { stored: files };
    },
    { via: 'auto' },
  );

  scenario('B25', async (bench) => {
    const late = (part: number, ms: number) => ({ match: { part }, times: 1, action: { type: 'delay', ms } }) as const;
    bench.backend.faults(late(1, 2_000), late(2, 1_000), late(3, 1_500), late(8, 500));
    const { file } = await bench.begin(MIB);
    await bench.ended();
    const order = bench.recorder.events.flatMap(({ name, part }) => (name === 'part-complete' ? (part ?? []) : []));
    assert.ok(order.indexOf(1) > order.indexOf(2), 'answers came out of order');
    return { stored: [file] };
  });

  for (const [detail, headers] of [
    ['keeps reading', {}],
    ['closes', { Connection: 'close' }],
  ] as const) {
    scenario(
      'B26',
      async (bench) => {
        if (detail === 'closes' && !HAS_DEVTOOLS) {
          throw new CannotRun('the browser reports a broken line, not the answer that came before it');
        }
        const action = { type: 'status', status: 413, early: true, headers } as const;
        bench.backend.faults({ match: { method: 'PUT' }, action });
        bench.proxy.up.bytesPerSecond = MIB;
        const startedAt = Date.now();
        await bench.begin(24 * MIB);
        await bench.ended(1, 120_000);
        assert.equal(bench.failure?.code, 'too-large');
        // While the server reads on, browsers look for its answer once they have sent all.
        if (detail === 'closes') assert.ok(Date.now() - startedAt < 24_000, 'before all was sent');
        return { stored: [], extraBytes: 24 * MIB, orphans: 1 };
      },
      { attributes: { 'part-size': String(24 * MIB) } },
      `the server ${detail}`,
    );
  }

  for (const via of ['chunked', 'presigned'] as const) {
    scenario(
      'B27',
      async (bench) => {
        const { file } = await bench.begin(0);
        await bench.ended();
        return { stored: [file] };
      },
      { via },
      via,
    );
  }

  scenario('B28', async (bench) => {
    const { file } = await bench.begin(4 * PART);
    await bench.ended();
    assert.deepEqual(
      bench.dataRequests().map(({ bytes }) => bytes),
      Array(4).fill(PART),
    );
    return { stored: [file] };
  });

  scenario(
    'B29',
    async (bench) => {
      const { file } = await bench.begin(200);
      await bench.ended(1, 150_000);
      assert.equal(bench.dataRequests().length, 200);
      return { stored: [file] };
    },
    { attributes: { 'part-size': '1' }, backend: { emulator: { parts: { maxParts: 200 } } } },
    'as many parts as there may be',
  );

  scenario(
    'B29',
    async (bench) => {
      const { file } = await bench.begin(201);
      await bench.ended();
      assert.ok(bench.dataRequests().length <= 200);
      return { stored: [file] };
    },
    { attributes: { 'part-size': '1' }, backend: { emulator: { parts: { maxParts: 200 } } } },
    'one more, where the size of parts is ours',
  );

  scenario(
    'B29',
    async (bench) => {
      await bench.begin(10_001);
      await bench.ended();
      assert.equal(bench.failure?.code, 'too-large');
      assert.equal(bench.dataRequests().length, 0);
      return { stored: [] };
    },
    { backend: { emulator: { parts: { partSize: 1, maxParts: 10_000 } } } },
    'one more, where the server sets the size',
  );
});
