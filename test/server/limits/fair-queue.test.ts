import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { FairQueue } from '../../../src/server/limits/fair-queue.js';

const { signal } = new AbortController();
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A request whose code stops at its first wait, as on Workers when its client leaves: no timer of it ever fires. */
const stop = (begin: () => void): void => {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
  begin();
  globalThis.setTimeout = setTimeout;
};

describe('FairQueue', () => {
  let line: FairQueue;
  let passed: string[];
  let open: boolean;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
    line = new FairQueue();
    passed = [];
    open = false;
  });

  afterEach(() => mock.timers.reset());

  const join = (name: string, closedMs = 60_000, leaving: AbortSignal = signal): Promise<unknown> =>
    line.pass(
      () => (open ? 0 : closedMs),
      () => passed.push(name),
      leaving,
    );

  it('lets all pass in the order they came, as soon as it is told', async () => {
    const all = ['a', 'b', 'c'].map((name) => join(name));
    await settled();
    assert.deepEqual([passed, line.length], [[], 3]);
    open = true;
    line.wakeFirst();
    await Promise.all(all);
    assert.deepEqual([passed, line.length], [['a', 'b', 'c'], 0]);
  });

  it('lets none pass out of turn, when one in the middle leaves and the last one looks', async () => {
    const leaving = new AbortController();
    const first = join('a');
    const left = assert.rejects(join('b', 0, leaving.signal), { name: 'AbortError' });
    const last = join('c', 0);
    leaving.abort();
    await left;
    mock.timers.tick(1000);
    await settled();
    assert.deepEqual(passed, []);
    open = true;
    line.wakeFirst();
    await Promise.all([first, last]);
    assert.deepEqual(passed, ['a', 'c']);
  });

  it('passes over one whose code has stopped, once it is late', async () => {
    stop(() => void join('gone', 500));
    const behind = join('b', 0);
    mock.timers.tick(3000);
    await settled();
    assert.deepEqual([passed, line.length], [[], 2]);
    mock.timers.tick(1000);
    await behind;
    assert.deepEqual([passed, line.length], [['b'], 0]);
  });

  it('waits for one that says it will be long', async () => {
    const long = join('a', 10_000);
    const behind = join('b', 0);
    for (let second = 0; second < 9; second++) {
      mock.timers.tick(1000);
      await settled();
    }
    assert.deepEqual(passed, []);
    open = true;
    mock.timers.tick(1000);
    await Promise.all([long, behind]);
    assert.deepEqual(passed, ['a', 'b']);
  });
});
