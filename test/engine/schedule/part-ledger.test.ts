import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PartLedger, partLength } from '../../../src/engine/schedule/part-ledger.js';
import { KiB, MiB } from '../../../src/lib/byte-size.js';
import type { Part, Receipt } from '../../../src/ports/protocol.js';

/** A ledger whose parts are sent by the test. */
const setUp = (parts: PartLedger) => {
  const receipts = new Map<number, Receipt>();
  const take = (wish = MiB, lastAlone = false) => parts.take({ receipts, wish: () => wish, lastAlone, now: 0 });
  const confirm = (part: Part) => {
    receipts.set(part.number, { number: part.number, size: partLength(part) });
    parts.giveBack(part);
  };
  return { parts, receipts, take, confirm };
};

const limits = fc.record(
  {
    minPartSize: fc.integer({ min: 1, max: 8 * MiB }),
    maxPartSize: fc.integer({ min: 8 * MiB, max: 64 * MiB }),
    maxParts: fc.integer({ min: 20, max: 10_000 }),
  },
  { requiredKeys: [] },
);

describe('A ledger of parts that grows', () => {
  it('covers the file without gap or overlap, within the limits, whatever is wished and whatever fails', () => {
    const course = fc.array(
      fc.record({ wish: fc.integer({ min: 1, max: 80 * MiB }), act: fc.constantFrom('send', 'send', 'fail', 'hold') }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.nat({ max: 150 * MiB }), limits, course, (size, allowed, acts) => {
        const { parts, receipts, take, confirm } = setUp(PartLedger.free(size, allowed));
        const held: Part[] = [];
        for (const { wish, act } of acts) {
          const part = take(wish);
          if (part === null) break;
          if (act === 'send') confirm(part);
          else if (act === 'fail') parts.giveBack(part);
          else held.push(part);
        }
        for (const part of held) confirm(part);
        for (let part = take(); part !== null; part = take()) confirm(part);

        assert.ok(parts.isComplete(receipts));
        assert.equal(parts.takeableCount(receipts), 0);
        let end = 0;
        for (const part of parts.all()) {
          assert.equal(part.start, end);
          end = part.end;
          const length = partLength(part);
          assert.ok(length <= (allowed.maxPartSize ?? Infinity));
          assert.ok(length >= (allowed.minPartSize ?? 0) || part.number === parts.count);
        }
        assert.equal(end, size);
        assert.ok(parts.count <= (allowed.maxParts ?? Infinity));
        assert.equal(parts.expectedCount, parts.count);
      }),
      { numRuns: 300 },
    );
  });

  it('never cuts two parts of one number and length at different places, so that an old record misplaces none', () => {
    const course = fc.array(
      fc.record({
        wish: fc.constantFrom(64 * KiB, 128 * KiB, 192 * KiB, 256 * KiB, MiB),
        act: fc.constantFrom('send', 'hold', 'hold', 'hold', 'all fail'),
      }),
      { minLength: 4, maxLength: 40 },
    );
    const size = fc.nat({ max: 32 }).map((grains) => grains * 64 * KiB);
    const narrow = fc.constantFrom({}, { minPartSize: 128 * KiB, maxPartSize: 192 * KiB }, { maxParts: 20 });
    fc.assert(
      fc.property(size, narrow, course, (bytes, allowed, acts) => {
        const { parts, take, confirm } = setUp(PartLedger.free(bytes, allowed));
        const places = new Map<string, number>();
        let held: Part[] = [];
        for (const { wish, act } of acts) {
          const part = take(wish);
          if (part === null) break;
          const key = `${part.number} of ${partLength(part)}`;
          assert.equal(part.start, places.get(key) ?? part.start, key);
          places.set(key, part.start);
          if (act === 'send') confirm(part);
          else held.push(part);
          if (act !== 'all fail') continue;
          for (const failed of held) parts.giveBack(failed);
          held = [];
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is one empty part for an empty file', () => {
    const { parts, receipts, take, confirm } = setUp(PartLedger.free(0, {}));
    const part = take();
    assert.deepEqual(part, { number: 1, start: 0, end: 0 });

    confirm(part as Part);

    assert.deepEqual([parts.isComplete(receipts), take()], [true, null]);
  });

  it('cuts a part that failed anew when nothing behind it has arrived, and doubts what the server lists there', () => {
    const { parts, take, confirm } = setUp(PartLedger.free(10 * MiB, {}));
    confirm(take() as Part);
    const failing = [take(4 * MiB), take(4 * MiB)];
    for (const part of failing) parts.giveBack(part as Part);

    const again = take(512 * KiB);

    assert.deepEqual(again, { number: 2, start: MiB, end: 1.5 * MiB });
    assert.deepEqual([parts.isDoubted(1), parts.isDoubted(2), parts.isDoubted(3)], [false, true, true]);
  });

  it('sends a part again as it was when one behind it has arrived or is under way', () => {
    const { parts, take, confirm } = setUp(PartLedger.free(10 * MiB, {}));
    const [first, second] = [take(4 * MiB), take(4 * MiB)];
    parts.giveBack(first as Part);
    assert.deepEqual(take(MiB), first);
    confirm(second as Part);
    parts.giveBack(first as Part);

    assert.deepEqual(take(MiB), first);
    assert.equal(parts.doubtedFrom, null);
  });

  it('keeps a part that was set aside from being taken as it was, until it is brought back', () => {
    const { parts, receipts, take, confirm } = setUp(PartLedger.free(3 * MiB, {}));
    const [first, second] = [take(), take()] as [Part, Part];
    parts.setAside(first);
    confirm(second);

    const third = take() as Part;
    assert.equal(third.number, 3);
    assert.deepEqual([take(), parts.takeableCount(receipts), parts.heldCount], [null, 0, 2]);
    confirm(third);
    parts.bringBack(first);

    assert.deepEqual([parts.takeableCount(receipts), take()], [1, first]);
  });

  it('cuts parts anew that were set aside, and keeps the new ones when an old one is brought back', () => {
    const { parts, take } = setUp(PartLedger.free(10 * MiB, {}));
    const [first, second] = [take(4 * MiB), take(4 * MiB)] as [Part, Part];
    parts.setAside(first);
    parts.setAside(second);
    parts.bringBack(second);

    const again = take(MiB) as Part;
    assert.deepEqual(again, { number: 1, start: 0, end: MiB });
    parts.setAside(again);
    parts.bringBack(first);

    assert.equal(take(MiB)?.number, 2);
  });

  it('goes on from what a record knows, and not from what it does not', () => {
    const { parts, take, receipts } = setUp(PartLedger.free(10 * MiB, {}, [MiB, 3 * MiB]));
    receipts.set(1, { number: 1, size: MiB });

    assert.deepEqual(
      [take(2 * MiB), take()],
      [
        { number: 2, start: MiB, end: 3 * MiB },
        { number: 3, start: 3 * MiB, end: 4 * MiB },
      ],
    );
    assert.deepEqual(parts.layout, [MiB, 3 * MiB, 4 * MiB]);
    assert.equal(parts.matches({ number: 4, size: MiB }), false);
  });

  it('takes a small rest along', () => {
    const { take } = setUp(PartLedger.free(Math.ceil(1.2 * MiB), {}));

    assert.equal(take(MiB)?.end, Math.ceil(1.2 * MiB));
  });

  it('refuses a file that no number of parts can hold', () => {
    assert.throws(() => PartLedger.free(100, { maxParts: 9, maxPartSize: 10 }), { code: 'too-large' });
  });
});

describe('A ledger of parts of one size', () => {
  const uniform = () => setUp(PartLedger.uniform({ size: 25, partSize: 10, count: 3 }));

  it('never cuts anew, and starts again at a part whose receipt is gone', () => {
    const { parts, receipts, take, confirm } = uniform();
    for (let part = take(); part !== null; part = take()) confirm(part);
    receipts.delete(2);
    parts.rewind();

    assert.deepEqual(take(1), { number: 2, start: 10, end: 20 });
    assert.equal(parts.layout, 10);
  });

  it('keeps the last part back until all others have arrived, where the session wants it', () => {
    const { take, confirm } = uniform();
    const [first, second] = [take(0, true), take(0, true)];
    assert.equal(take(0, true), null);
    confirm(first as Part);
    confirm(second as Part);

    assert.equal(take(0, true)?.number, 3);
  });

  it('divides anew into parts of a size that the last part did not have', () => {
    const replan = () => ({ size: 25, partSize: 5, count: 5 });
    const { parts, take } = setUp(PartLedger.uniform({ size: 25, partSize: 10, count: 3 }, replan));

    take();

    assert.equal(parts.matches({ number: 3, size: 5 }), false);
  });

  it('knows a receipt that fits from one of other parts', () => {
    const { parts } = uniform();
    const cases: [Receipt, boolean][] = [
      [{ number: 1, size: 10 }, true],
      [{ number: 3, size: 5 }, true],
      [{ number: 3, size: 10 }, false],
      [{ number: 0, size: 10 }, false],
      [{ number: 4, size: 10 }, false],
    ];

    for (const [receipt, expected] of cases) assert.equal(parts.matches(receipt), expected, JSON.stringify(receipt));
  });
});
