import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Transport, WireResponse } from '../../../src/ports/transport.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { wireResponse } from '../../support/scripted-transport.js';

const MAX_A_SECOND = 10;

/** Bytes of a chunked file of two parts: each part that the server takes is a request that no wait may delay. */
const TWO_PARTS = 20;

const retryAfter = fc.constantFrom('0', '1', '-1', 'now', '0.01', 'Thu, 01 Jan 1970 00:00:00 GMT', '1e3');

const answer = fc.record({
  /** Below 300: the right answer. */
  status: fc.constantFrom(
    200,
    204,
    299,
    301,
    400,
    401,
    403,
    404,
    408,
    409,
    410,
    412,
    413,
    422,
    425,
    429,
    499,
    500,
    503,
    520,
  ),
  isRight: fc.boolean(),
  headers: fc.oneof(
    fc.constant({}),
    retryAfter.map((value) => ({ 'Retry-After': value })),
    retryAfter.map((value) => ({ 'x-ve-limit-expires': value, 'x-ve-limit-available': '0' })),
    retryAfter.map((value) => ({ 'X-Rate-Limit-Expiry': value, 'X-Rate-Limit-Available': '0' })),
  ),
});

type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;

/** What a server says to each request when all is well. */
const rightAnswer = (url: string) => ({
  headers: { ETag: '"e"' },
  json: {
    ...{ uploadUrl: 'https://storage.test/object', fileId: 'f1', file_id: 'f1' },
    ...{ upload_id: 's1', part_size: 10, parts: [], expiresAt: url.length % 2 ? '2020-01-01T00:00:00Z' : undefined },
  },
});

/** Answers at once, one after the other from the list, and remembers when it was asked. */
class HastyServer implements Transport {
  readonly asked: number[] = [];

  constructor(
    private readonly clock: FakeClock,
    private readonly answers: readonly Answer[],
  ) {}

  control = ({ url }: { readonly url: string }): Promise<WireResponse> => this.#answer(url);
  send = this.control;

  async #answer(url: string): Promise<WireResponse> {
    const { status = 200, isRight = true, headers = {} } = this.answers[this.asked.length % this.answers.length] ?? {};
    this.asked.push(this.clock.now());
    const right = rightAnswer(url);
    return status < 300 && isRight
      ? wireResponse(url, { ...right, status, headers: { ...right.headers, ...headers } })
      : wireResponse(url, { status, headers });
  }
}

/** Each attempt takes a grant, is refused its URL, and is told to wait no time before the next grant. */
const REFUSED_URLS: Answer[] = [
  { status: 408, isRight: false, headers: { 'X-Rate-Limit-Expiry': '0', 'X-Rate-Limit-Available': '0' } },
  { status: 200, isRight: true, headers: {} },
  { status: 410, isRight: false, headers: {} },
];

const mostWithinASecond = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));

describe('A file', () => {
  it('never leads to more than ten requests a second, whatever the server answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('presigned', 'chunked'),
        fc.constantFrom(0, 0.5, 0.999),
        async (answers, protocol, dice) => {
          const clock = new FakeClock();
          clock.dice = () => dice;
          const server = new HastyServer(clock, answers);
          const bench = new Bench({ protocol, parallel: 3 }, { clock, transport: server });
          bench.add(fileOf('a.bin', protocol === 'chunked' ? TWO_PARTS : 10));

          await clock.advance(20_000);

          const most = mostWithinASecond(server.asked);
          assert.ok(most <= MAX_A_SECOND, `${most} requests within a second`);
        },
      ),
      { numRuns: 300, examples: [[REFUSED_URLS, 'presigned', 0]] },
    );
  });
});
