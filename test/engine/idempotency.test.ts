import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from '../support/builders.js';

const keyOf = (json: unknown): unknown => {
  const { idempotency_key, idempotencyKey } = json as Record<string, unknown>;
  return idempotency_key ?? idempotencyKey;
};

const open = (protocol: 'chunked' | 'presigned') => {
  const bench = new Bench({ protocol, parallel: 1 });
  bench.add(fileOf('a.bin', 20));
  return bench;
};

describe('Idempotency keys', () => {
  for (const [protocol, path] of [
    ['chunked', '/uploads/init'],
    ['presigned', '/uploads'],
  ] as const) {
    it(`stay the same while the answer to a ${protocol} upload's opening is lost`, async () => {
      const bench = open(protocol);
      const lost = await bench.transport.next('POST', path);
      await lost.fail();
      await bench.clock.advance(5000);

      const again = await bench.transport.next('POST', path);

      assert.equal(keyOf(again.json), keyOf(lost.json));
    });
  }

  it('differ from file to file', async () => {
    const bench = open('chunked');
    bench.add(fileOf('b.bin', 20));
    const inits = [
      await bench.transport.next('POST', '/uploads/init'),
      await bench.transport.next('POST', '/uploads/init'),
    ];

    assert.equal(new Set(inits.map(({ json }) => keyOf(json))).size, 2);
  });

  it('change once a session is lost, so that the lost one is not given out again', async () => {
    const bench = open('chunked');
    const first = await bench.transport.next('POST', '/uploads/init');
    await first.answer({ json: { upload_id: 's1', part_size: 10 } });
    await (await bench.transport.next('PUT', '/uploads/s1/parts')).answer({ status: 404 });

    const second = await bench.transport.next('POST', '/uploads/init');

    assert.notEqual(keyOf(second.json), keyOf(first.json));
  });

  it('change with each renewal of a grant, and stay the same while the renewal is lost', async () => {
    const bench = open('presigned');
    const keys: unknown[] = [];
    const grant = { uploadUrl: 'https://storage.test/object', fileId: 'f1' };
    for (const isLost of [false, true, false]) {
      const mint = await bench.transport.next('POST', '/uploads');
      keys.push(keyOf(mint.json));
      if (isLost) {
        await mint.fail();
        await bench.clock.advance(5000);
      } else {
        await mint.answer({ json: grant });
        await (await bench.transport.next('PUT', '/object')).answer({ status: 403 });
      }
    }

    assert.equal(keys[1], keys[2]);
    assert.notEqual(keys[0], keys[1]);
  });
});
