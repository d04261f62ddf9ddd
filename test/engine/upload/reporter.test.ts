import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf, presignedBench } from '../../support/builders.js';
import { GRANT } from '../../support/scripted-server.js';

describe('Reporter', () => {
  it('tells of progress at most ten times a second', async () => {
    const bench = presignedBench();
    bench.add(fileOf('a.txt', 1000));
    await bench.server.grant();
    const put = await bench.server.nextPut();
    bench.events.clear();

    for (let sent = 1; sent <= 100; sent++) {
      put.progress(sent * 5);
      await bench.clock.advance(10);
    }

    const told = bench.events.of('upload-progress');
    assert.ok(told.length >= 9 && told.length <= 10, `${told.length} events in a second`);
    assert.deepEqual(
      told.map(({ upload }) => upload.sentBytes),
      told.map(({ upload }) => upload.sentBytes).sort((a, b) => a - b),
    );
  });

  it('says once that nothing is left to do, with every upload once', async () => {
    const bench = presignedBench();
    const [first, second] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    await (await bench.server.nextMint()).answer({ status: 413 });
    const other = await bench.server.nextMint();
    bench.engine.retry(first);
    await bench.server.store();
    assert.deepEqual(bench.events.of('queue-complete'), []);

    await other.answer({ json: GRANT });
    await (await bench.server.nextPut()).answer({});

    const [complete, ...rest] = bench.events.of('queue-complete');
    assert.deepEqual(rest, []);
    assert.deepEqual(complete?.completed.map(({ id }) => id).sort(), [first, second].sort());
    assert.deepEqual([complete?.failed, complete?.canceled], [[], []]);
  });
});
