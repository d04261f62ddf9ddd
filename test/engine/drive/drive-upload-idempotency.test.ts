import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from '../../support/builders.js';
import { SESSION } from '../../support/scripted-server.js';
import type { Exchange } from '../../support/scripted-transport.js';

const open = (): Bench => {
  const bench = new Bench({ protocol: 'chunked', parallel: 1 });
  bench.add(fileOf('a.bin', 20));
  return bench;
};

const keyOf = ({ headers }: Exchange): string => {
  const { 'Idempotency-Key': key } = headers;
  assert.ok(key, 'the request names its session');
  return key;
};

describe('Idempotency keys', () => {
  it('stay the same while the answer to the opening of a session is lost', async () => {
    const bench = open();
    const lost = await bench.server.nextInit();
    await lost.fail();
    await bench.clock.advance(5000);

    const again = await bench.server.nextInit();

    assert.equal(keyOf(again), keyOf(lost));
  });

  it('differ from file to file', async () => {
    const bench = open();
    bench.add(fileOf('b.bin', 20));
    const inits = [await bench.server.nextInit(), await bench.server.nextInit()];

    assert.equal(new Set(inits.map(keyOf)).size, 2);
  });

  it('change once a session is lost, so that the lost one is not given out again', async () => {
    const bench = open();
    const first = await bench.server.nextInit();
    await first.answer({ json: SESSION });
    await (await bench.server.nextPart()).answer({ status: 404 });

    const second = await bench.server.nextInit();

    assert.notEqual(keyOf(second), keyOf(first));
  });

  it('are not sent to another origin than that of the page, which would have to permit the header', async (t) => {
    t.after(() => Reflect.deleteProperty(globalThis, 'location'));
    Object.defineProperty(globalThis, 'location', { value: new URL('https://page.test/'), configurable: true });
    const bench = open();
    const init = await bench.server.nextInit();

    assert.equal(init.headers['Idempotency-Key'], undefined);
  });
});
