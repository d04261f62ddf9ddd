import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { FakeLockManager } from '../../support/fake-ports.js';

describe('Two lists of one page', () => {
  it('never show the same upload, also when they restore at the same time', async () => {
    const clock = new FakeClock();
    const store = new MemoryStore({ wallNow: () => clock.wallNow() });
    const manager = new FakeLockManager();
    const earlier = manager.tab();
    const page = manager.tab();
    // As in browsers, where the answer comes from another process.
    const tryHold = (name: string) => settle().then(() => page.tryHold(name));
    const left = new Bench({ protocol: 'chunked' }, { clock, store, locks: earlier });
    const id = left.add(fileOf('a.bin', 20));
    await clock.advance(1_000);
    earlier.die();
    const lists = [0, 1].map(() => new Bench({ protocol: 'chunked' }, { clock, store, locks: { ...page, tryHold } }));

    await Promise.all(lists.map(({ engine }) => engine.restore()));

    assert.deepEqual(
      lists.flatMap(({ engine }) => engine.uploads.map((upload) => [upload.id, upload.reason])),
      [[id, 'needs-file']],
    );
  });
});
