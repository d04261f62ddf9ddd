import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from '../support/builders.js';

const capabilities = (maxFileSize?: number) => ({
  json: { protocols: ['presigned'], urls: { presigned: 'mint' }, limits: { maxFileSize } },
});

const admits = (bench: Bench): boolean => bench.engine.addFiles([fileOf('a.bin', 20)]).length === 1;

describe('Announced limits', () => {
  it('are those of the backend in use: another one has its own, or none', async () => {
    const bench = new Bench({ autoStart: false });
    void bench.engine.discover();
    await (await bench.transport.next('GET', '/uploads')).answer(capabilities(10));
    assert.equal(admits(bench), false);

    bench.engine.configure({ endpoint: 'https://app.test/other' });

    assert.equal(bench.engine.limits, null);
    assert.equal(admits(bench), true);
  });

  it('of a backend that was asked before are not taken for those of the one in use', async () => {
    const bench = new Bench({ autoStart: false });
    void bench.engine.discover();
    const late = await bench.transport.next('GET', '/uploads');
    bench.engine.configure({ endpoint: 'https://app.test/other' });

    await late.answer(capabilities(10));

    assert.equal(bench.engine.limits, null);
    assert.deepEqual(bench.events.of('limits-changed'), []);
  });

  it('stay in force when something else is configured', async () => {
    const bench = new Bench({ autoStart: false });
    void bench.engine.discover();
    await (await bench.transport.next('GET', '/uploads')).answer(capabilities(10));

    bench.engine.configure({ endpoint: bench.engine.options.endpoint, maxFiles: 3 });

    assert.equal(bench.engine.limits?.maxFileSize, 10);
  });

  it('refuse nothing that goes to the backend of before', async () => {
    const bench = new Bench({ autoStart: false });
    assert.equal(admits(bench), true);
    bench.engine.configure({ endpoint: 'https://app.test/other' });
    void bench.engine.discover();

    await (await bench.transport.next('GET', '/other')).answer(capabilities(10));

    assert.equal(bench.engine.limits?.maxFileSize, 10);
    assert.equal(bench.engine.uploads.length, 1);
  });
});
