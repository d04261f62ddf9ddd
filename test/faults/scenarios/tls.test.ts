/** A, continued: what can go wrong in TLS and in HTTP/2 only. */

import assert from 'node:assert/strict';
import { constants, type Http2ServerRequest } from 'node:http2';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { type Bench, IMPATIENT, KIB, MIB, PART } from '../support/bench.js';
import { laboratory } from '../support/laboratory.js';
import { OwnBrowser } from '../support/own-browser.js';
import type { TlsFront } from '../support/tls-front.js';

const LANES = 6;

const front = (bench: Bench): TlsFront => {
  assert.ok(bench.front, 'the bench has TLS');
  return bench.front;
};

/** Calls `act` with the n-th request that carries a part and those after it, `times` in all. */
const atPart = (bench: Bench, wanted: number, act: (request: Http2ServerRequest) => void, times = 1): void => {
  let count = 0;
  front(bench).intercept((request) => {
    if (request.method !== 'PUT') return false;
    count += 1;
    if (count < wanted || count >= wanted + times) return false;
    act(request);
    return true;
  });
};

const assertHttp2 = (bench: Bench): void => {
  assert.ok(front(bench).sessionCount >= 1, 'it was HTTP/2');
};

laboratory(
  'A · TLS and HTTP/2',
  ({ scenario }) => {
    scenario(
      'A14',
      async (bench) => {
        bench.proxy.onConnection((connection) => {
          if (connection.number === 1) connection.up.resetAfterBytes = 100;
        });
        const { file } = await bench.begin(MIB);
        await bench.ended();
        assertHttp2(bench);
        return { stored: [file] };
      },
      { tls: true },
      'in the handshake, once',
    );

    scenario(
      'A14',
      async (bench) => {
        const browser = await OwnBrowser.start(bench);
        const tab = await browser.open(bench);
        const file = await bench.files.make('file.bin', MIB);
        await tab.choose(file.path);
        await bench.ended(1, 150_000);
        // Pages cannot tell a certificate that is refused from a server that is not there.
        assert.ok(['network', 'cors'].includes(bench.failure?.code ?? ''), `${bench.failure?.code}`);
        return { stored: [] };
      },
      { tls: true, attributes: { 'retry-window': '3' } },
      'a certificate that is not trusted',
    );

    scenario(
      'A15',
      async (bench) => {
        const numbers: string[] = [];
        atPart(bench, 5, (request) => {
          numbers.push(String(request.headers['fastio-part-number']));
          request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        });
        const { file } = await bench.begin(2 * MIB);
        await bench.ended();
        assertHttp2(bench);
        assert.equal(numbers.length, 1);
        // Firefox itself repeats a request whose stream was reset.
        const retried = bench.retries.map(({ error }) => String(error?.partNumber));
        assert.deepEqual(retried, HAS_DEVTOOLS || retried.length > 0 ? numbers : [], 'that part alone went again');
        return { stored: [file], extraBytes: PART };
      },
      { tls: true },
      'RST_STREAM',
    );

    // Chromium has handed the small body to the network before any answer can come; the server misses it at the end.
    for (const [size, code] of [
      [16 * KIB, 'part-mismatch'],
      [64 * KIB, 'network'],
      [512 * KIB, 'network'],
    ] as const) {
      scenario(
        'A15',
        async (bench) => {
          atPart(
            bench,
            8,
            ({ stream }) => {
              stream.respond({
                ':status': 200,
                etag: '"0123456789abcdef0123456789abcdef"',
                'access-control-allow-origin': bench.pageOrigin,
                'access-control-expose-headers': 'ETag',
              });
              stream.end();
              stream.close(constants.NGHTTP2_NO_ERROR);
            },
            2,
          );
          const { file } = await bench.begin(16 * size);
          await bench.ended();
          assertHttp2(bench);
          // Firefox takes a body as sent once there is an answer.
          if (HAS_DEVTOOLS) assert.deepEqual([...new Set(bench.retries.map(({ error }) => error?.code))], [code]);
          return { stored: [file], extraBytes: LANES * size };
        },
        { tls: true, attributes: { 'part-size': String(size) } },
        `a success before a body of ${size / KIB} KiB was sent`,
      );
    }

    for (const code of ['NGHTTP2_NO_ERROR', 'NGHTTP2_INTERNAL_ERROR'] as const) {
      scenario(
        'A15',
        async (bench) => {
          bench.proxy.up.bytesPerSecond = 512 * KIB;
          atPart(bench, 10, ({ stream: { session } }) => {
            session?.goaway(constants[code]);
            session?.destroy();
          });
          const { file } = await bench.begin(2 * MIB);
          await bench.parts(9);
          bench.proxy.heal();
          await bench.ended();
          assert.ok(front(bench).sessionCount >= 2, 'another connection was made');
          return { stored: [file], extraBytes: LANES * PART };
        },
        { tls: true },
        `GOAWAY ${code}`,
      );
    }

    scenario(
      'A16',
      async (bench) => {
        // Its body is not read, so that its window is never opened again.
        atPart(bench, 2, (request) => request.pause());
        const { file } = await bench.begin(8 * MIB);
        await bench.ended(1, 150_000);
        assertHttp2(bench);
        assert.ok(bench.retries.length >= 1, 'the stall was found');
        return { stored: [file], extraBytes: 2 * LANES * MIB };
      },
      { tls: true, timeouts: IMPATIENT, attributes: { 'part-size': String(MIB) } },
    );
  },
  { flags: ['--ignore-certificate-errors'] },
);
