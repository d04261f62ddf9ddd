/** Ten minutes without a network, by a clock that the test winds: the upload goes on by itself, and soon. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadError } from '../../../src/ports/errors.js';
import type { Transport } from '../../../src/ports/transport.js';
import { Bench, bytesOf, fileOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeConnectivity } from '../../support/fake-ports.js';
import { FakeBackend } from '../simulation/fake-backend.js';

const OUTAGE_MS = 600_000;
/** After the return of the network. */
const SOON_MS = 3_000;

/** A line to the backend that can be cut, which is told by nothing but requests that fail. */
class Line implements Transport {
  isCut = false;
  /** When each request that got through began. */
  readonly passedAt: number[] = [];
  readonly #backend: FakeBackend;
  readonly #clock: FakeClock;

  constructor(backend: FakeBackend, clock: FakeClock) {
    this.#backend = backend;
    this.#clock = clock;
  }

  control: Transport['control'] = async (request, options) => {
    this.#pass();
    return this.#backend.control(request, options);
  };

  send: Transport['send'] = async (request, options) => {
    this.#pass();
    return this.#backend.send(request, options);
  };

  #pass(): void {
    if (this.isCut) throw new UploadError('network', 'no answer');
    this.passedAt.push(this.#clock.now());
  }
}

describe('an outage of ten minutes', () => {
  for (const isKnown of [false, true]) {
    it(`ends in success by itself, where the browser ${isKnown ? 'says' : 'does not say'} that it is offline`, async () => {
      const [clock, connectivity] = [new FakeClock(), new FakeConnectivity()];
      const backend = new FakeBackend({
        clock,
        connectivity,
        faults: [],
        random: () => 0.5,
        partSize: 10,
        canInspect: true,
        mintBatch: 1,
        chunkedAbove: 0,
      });
      const line = new Line(backend, clock);
      const endpoint = `${backend.endpoint}/chunked`;
      const bench = new Bench({ protocol: 'chunked', endpoint }, { clock, connectivity, transport: line });
      const id = bench.add(fileOf('big.bin', bytesOf(300)));
      await clock.advanceUntil(() => bench.events.of('part-complete').length >= 6);

      line.isCut = true;
      connectivity.online = !isKnown;
      await clock.advance(OUTAGE_MS);
      const [requestsBefore, returnedAt] = [line.passedAt.length, clock.now()];
      line.isCut = false;
      connectivity.online = true;
      await clock.advanceUntil(() => bench.upload(id).state === 'done', OUTAGE_MS);

      const resumedAt = line.passedAt[requestsBefore] ?? Number.POSITIVE_INFINITY;
      assert.ok(resumedAt - returnedAt <= SOON_MS, `it went on ${resumedAt - returnedAt} ms later`);
      assert.equal(bench.events.of('upload-failed').length, 0);
      assert.deepEqual(backend.violations, []);
    });
  }
});
