import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KiB, MiB } from '../../../../src/lib/byte-size.js';
import { UploadError } from '../../../../src/ports/errors.js';
import type { ProgressOptions } from '../../../../src/ports/protocol.js';
import { BATCH_BYTES } from '../../../../src/protocols/fastio/small/batch-size.js';
import { Batcher } from '../../../../src/protocols/fastio/small/batcher.js';
import { FakeClock, settle } from '../../../support/fake-clock.js';

interface SentBatch {
  readonly names: readonly string[];
  readonly options: ProgressOptions;
  readonly answer: (outcomes?: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

const setUp = () => {
  const clock = new FakeClock();
  const batches: SentBatch[] = [];
  const batcher = new Batcher<string, string>(
    clock,
    (names, options) =>
      new Promise((resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(options.signal.reason));
        batches.push({ names, options, answer: (outcomes = names) => resolve(outcomes), fail: reject });
      }),
  );
  const join = (name: string, size = 1, onProgress: ProgressOptions['onProgress'] = () => {}) =>
    batcher.join(name, size, onProgress);
  return { clock, batcher, batches, join };
};

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe('Batcher', () => {
  it('departs when no file has joined for a moment', async () => {
    const { clock, batches, join } = setUp();
    join('a');
    await clock.advance(49);
    join('b');
    await clock.advance(49);
    assert.equal(batches.length, 0);
    await clock.advance(1);
    assert.deepEqual(batches[0]?.names, ['a', 'b']);
  });

  it('departs at once when it is full, by count or by bytes', async () => {
    const { batches, join } = setUp();
    for (const name of named(200)) join(name);
    assert.equal(batches[0]?.names.length, 200);
    for (const name of named(5)) join(name, BATCH_BYTES.first / 4);
    assert.equal(batches[1]?.names.length, 4);
  });

  it('does not take a file that would be much of a batch', () => {
    const { batcher } = setUp();
    assert.equal(batcher.takes(MiB), true);
    assert.equal(batcher.takes(MiB + 1), false);
  });

  it('takes more after one that arrived quickly, and less after one that broke', async () => {
    const { clock, batches, join } = setUp();
    const fill = () => named(150).map((name) => join(name, 128 * KiB));
    const members = fill();
    const sizeOf = (batch: SentBatch | undefined) => (batch?.names.length ?? 0) * 128 * KiB;
    const first = batches.length;
    assert.equal(sizeOf(batches[0]), BATCH_BYTES.first);
    batches[0]?.answer();
    await settle();
    members.push(...fill());
    assert.equal(sizeOf(batches[first]), 2 * BATCH_BYTES.first);
    for (const batch of batches.splice(0)) batch.fail(new UploadError('network', 'the line broke'));
    await settle();
    await clock.advance(500);
    batches.length = 0;
    members.push(...fill());
    assert.equal(sizeOf(batches[0]), BATCH_BYTES.least);
    for (const { outcome } of members) outcome.catch(() => {});
  });

  it('gets photos through a line that breaks before sixteen mebibytes have passed', async () => {
    const clock = new FakeClock();
    const bytesPerMs = 125;
    const breaksEveryMs = 60_000;
    let lane: Promise<unknown> = Promise.resolve();
    const sizes = new Map(named(24).map((name) => [name, (300 + Number(name) * 20) * KiB]));
    const send = async (names: readonly string[]) => {
      const ms = names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0) / bytesPerMs;
      const untilBreak = breaksEveryMs - (clock.now() % breaksEveryMs);
      await clock.delay(Math.min(ms, untilBreak), { signal: new AbortController().signal });
      if (ms > untilBreak) throw new UploadError('network', 'the line broke');
      return names;
    };
    const batcher = new Batcher<string, string>(clock, (names) => {
      const sent = lane.then(() => send(names));
      lane = sent.catch(() => {});
      return sent;
    });
    const stored = new Set<string>();
    const upload = async (name: string): Promise<void> => {
      while (!stored.has(name)) {
        const { outcome } = batcher.join(name, sizes.get(name) ?? 0, () => {});
        await outcome.then(
          () => stored.add(name),
          () => clock.delay(1000, { signal: new AbortController().signal }),
        );
      }
    };
    for (const name of sizes.keys()) void upload(name);
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    await clock.advance((1.5 * bytes) / bytesPerMs);

    assert.equal(stored.size, sizes.size);
  });

  it('gives each member its own outcome', async () => {
    const { clock, batches, join } = setUp();
    const members = named(3).map((name) => join(name));
    await clock.advance(50);
    batches[0]?.answer(['x', 'y', 'z']);
    assert.deepEqual(await Promise.all(members.map(({ outcome }) => outcome)), ['x', 'y', 'z']);
  });

  it('lets a member leave before it departs', async () => {
    const { clock, batcher, batches, join } = setUp();
    const [first] = ['a', 'b'].map((name) => join(name));
    assert.equal(first && batcher.leave(first), true);
    await clock.advance(50);
    assert.deepEqual(batches[0]?.names, ['b']);
  });

  it('goes on for the others when a member leaves on the way, and ends when all have', async () => {
    const { clock, batcher, batches, join } = setUp();
    const [a, b] = [join('a'), join('b')];
    await clock.advance(50);
    assert.equal(batcher.leave(a), false);
    assert.equal(batches[0]?.options.signal.aborted, false);
    assert.equal(
      batcher.rejoin(a, () => {}),
      true,
    );
    batcher.leave(b);
    assert.equal(batches[0]?.options.signal.aborted, false);
    batcher.leave(a);
    assert.equal(batches[0]?.options.signal.aborted, true);
    assert.equal(
      batcher.rejoin(b, () => {}),
      false,
    );
  });

  it('waits for files that are announced, but not for ever', async () => {
    const { clock, batcher, batches, join } = setUp();
    const never = new AbortController().signal;
    const arrived = batcher.expect(never);
    join('a');
    await clock.advance(200);
    assert.equal(batches.length, 0);
    arrived();
    join('b');
    await clock.advance(50);
    assert.deepEqual(batches[0]?.names, ['a', 'b']);
    batches[0]?.answer();
    batcher.expect(never);
    join('c');
    await clock.advance(2100);
    assert.deepEqual(batches[1]?.names, ['c']);
  });

  it('does not wait for a file that was stopped', async () => {
    const { clock, batcher, batches, join } = setUp();
    const stop = new AbortController();
    batcher.expect(stop.signal);
    join('a');
    stop.abort();
    await clock.advance(50);
    assert.equal(batches.length, 1);
  });

  it('fails all members with the request', async () => {
    const { clock, batches, join } = setUp();
    const members = named(2).map((name) => join(name));
    await clock.advance(50);
    batches[0]?.fail(new Error('cut'));
    for (const { outcome } of members) await assert.rejects(outcome, /cut/);
  });

  it('spreads progress over the files in order, whatever their sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 2, maxLength: 20 }), fc.nat(25_000), async (sizes, sent) => {
        const { clock, batches, join } = setUp();
        const heard = new Map<number, number>();
        sizes.forEach((size, index) => {
          join(String(index), size, (bytes) => heard.set(index, bytes));
        });
        await clock.advance(50);
        batches[0]?.options.onProgress(sent);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const spread = sizes.map((_, index) => heard.get(index) ?? 0);
        assert.equal(
          spread.reduce((sum, bytes) => sum + bytes, 0),
          Math.min(sent, total),
        );
        const firstShort = spread.findIndex((bytes, index) => bytes < (sizes[index] ?? 0));
        assert.ok(firstShort < 0 || spread.slice(firstShort + 1).every((bytes) => bytes === 0));
        batches[0]?.answer();
        await settle();
      }),
      { numRuns: 30 },
    );
  });

  it('carries every file exactly once, in batches within the limits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 * 2 ** 20 - 1 }), { maxLength: 450 }), async (sizes) => {
        const { clock, batches, join } = setUp();
        sizes.forEach((size, index) => {
          join(String(index), size);
        });
        await clock.advance(10_000);
        const carried = batches.flatMap(({ names }) => names);
        assert.deepEqual(
          carried.toSorted((a, b) => Number(a) - Number(b)),
          named(sizes.length),
        );
        for (const { names } of batches) {
          const bytes = names.reduce((sum, name) => sum + (sizes[Number(name)] ?? 0), 0);
          assert.ok(names.length <= 200 && bytes <= 100e6);
        }
      }),
      { numRuns: 30 },
    );
  });
});
