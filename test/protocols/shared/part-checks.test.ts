import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { Hasher } from '../../../src/ports/hasher.js';
import type { EngineOptions } from '../../../src/preset.js';
import { loadChecking } from '../../../src/protocols/chunked.js';
import { Bench, type BenchParts, fileOf } from '../../support/builders.js';
import { settle } from '../../support/fake-clock.js';
import { fakeHasher } from '../../support/fake-ports.js';
import type { Exchange } from '../../support/scripted-transport.js';

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

const hasher: Hasher = { ...fakeHasher, md5: async (body) => md5Of(new Uint8Array(await body.arrayBuffer())) };

/** Twenty bytes in two parts, opened; nothing is sent yet. */
const open = async (options: Partial<EngineOptions> = {}, parts: BenchParts = {}) => {
  const bench = new Bench({ protocol: 'chunked', checksums: true, parallel: 1, ...options }, { hasher, ...parts });
  const id = bench.add(fileOf('big.bin', 20));
  await bench.server.openSession();
  return { bench, id };
};

const arrived = async (part: Exchange): Promise<void> =>
  part.answer({ headers: { ETag: `"${md5Of(await part.bytes())}"` } });

const arrivedBroken = (part: Exchange): Promise<void> => part.answer({ headers: { ETag: md5Of(new Uint8Array(1)) } });

/** Long enough for a backoff. */
const wait = (bench: Bench): Promise<void> => bench.clock.advance(2000);

describe('Checksums of parts', () => {
  before(loadChecking);

  it('let parts pass that arrived as they were sent', async () => {
    const { bench, id } = await open();
    await arrived(await bench.server.nextPart());
    const second = await bench.server.nextPart();
    // Some servers write hex in capitals.
    await second.answer({ headers: { ETag: `"${md5Of(await second.bytes()).toUpperCase()}"` } });
    await bench.server.complete();
    assert.equal(bench.state(id), 'done');
  });

  it('send a part once more that arrived broken, from a fresh reading', async () => {
    const { bench, id } = await open();
    const broken = await bench.server.nextPart();
    await arrivedBroken(broken);
    await wait(bench);
    const again = await bench.server.nextPart();
    assert.deepEqual([again.partNumber, await again.bytes()], [1, await broken.bytes()]);
    assert.notEqual(again.body, broken.body);
    await arrived(again);
    await arrived(await bench.server.nextPart());
    await bench.server.complete();
    assert.equal(bench.state(id), 'done');
    assert.deepEqual(
      bench.events.of('upload-retry').map(({ error }) => [error.code, error.partNumber]),
      [['checksum-mismatch', 1]],
    );
  });

  it('end the upload when a part arrives broken twice, and ask for no completion', async () => {
    const { bench, id } = await open();
    await arrivedBroken(await bench.server.nextPart());
    await wait(bench);
    await arrivedBroken(await bench.server.nextPart());
    await wait(bench);
    const { state, error } = bench.upload(id);
    assert.deepEqual(
      [state, error?.code, error?.retriable, error?.partNumber],
      ['failed', 'checksum-mismatch', false, 1],
    );
    await bench.transport.quiet();
  });

  it('forgive each part once', async () => {
    const { bench, id } = await open();
    for (let number = 1; number <= 2; number += 1) {
      await arrivedBroken(await bench.server.nextPart());
      await wait(bench);
      await arrived(await bench.server.nextPart());
    }
    await bench.server.complete();
    assert.equal(bench.state(id), 'done');
  });

  it('take an ETag of another kind for no checksum', async () => {
    const { bench } = await open();
    await (await bench.server.nextPart()).answer({ headers: { ETag: '"0a1b-2"' } });
    assert.equal((await bench.server.nextPart()).partNumber, 2);
  });

  it('are off unless asked for', async () => {
    const { bench } = await open({ checksums: false });
    await arrivedBroken(await bench.server.nextPart());
    assert.equal((await bench.server.nextPart()).partNumber, 2);
  });

  it('are off where no digest can be made', async () => {
    const { bench } = await open({}, { hasher: { ...fakeHasher, md5: async () => null } });
    await arrivedBroken(await bench.server.nextPart());
    assert.equal((await bench.server.nextPart()).partNumber, 2);
  });

  it('stop with the upload', async () => {
    const signals: AbortSignal[] = [];
    const never: Hasher['md5'] = (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const { bench, id } = await open({}, { hasher: { ...fakeHasher, md5: never } });
    await bench.server.nextPart();
    bench.engine.pause(id);
    await settle();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
  });

  for (const [what, isIntact, next] of [
    ['leave alone a part whose answer was lost but that is as it was sent', true, 'POST /uploads/s1/complete'],
    ['send again a part whose answer was lost and that is not as it was sent', false, 'PUT /uploads/s1/parts'],
  ] as const) {
    it(what, async () => {
      const { bench, id } = await open();
      const first = await bench.server.nextPart();
      const known = md5Of(await first.bytes());
      await arrived(first);
      const sent = md5Of(await (await bench.server.nextPart()).bytes());
      bench.engine.pause(id);
      bench.engine.resume(id);
      const stored = isIntact ? sent : md5Of(new Uint8Array(1));
      const parts = [known, stored].map((etag, index) => ({ part_number: index + 1, size: 10, etag }));
      await (await bench.server.nextInspect()).answer({ json: { parts } });
      assert.deepEqual(
        bench.transport.open.map(({ method, url }) => `${method} ${url.pathname}`),
        [next],
      );
    });
  }
});
