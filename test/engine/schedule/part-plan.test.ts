import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PlanRequest, partOf, planParts } from '../../../src/engine/schedule/part-plan.js';
import { MiB } from '../../../src/lib/byte-size.js';
import { UploadError } from '../../../src/ports/errors.js';

const GiB = 1024 * MiB;

const request = (changes: Partial<PlanRequest>): PlanRequest => ({
  size: 0,
  limits: {},
  wanted: 'auto',
  bytesPerSecond: 0,
  parallel: 6,
  ...changes,
});

const plan = (changes: Partial<PlanRequest>) => planParts(request(changes));

/** Sizes and limits as servers have them, and as they do not. */
const requests = fc.record({
  size: fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 2 ** 41 })),
  limits: fc.record(
    {
      partSize: fc.integer({ min: 1, max: GiB }),
      minPartSize: fc.integer({ min: 1, max: 64 * MiB }),
      maxPartSize: fc.integer({ min: 1, max: 5 * GiB }),
      maxParts: fc.integer({ min: 1, max: 10_000 }),
    },
    { requiredKeys: [] },
  ),
  wanted: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: GiB })),
  bytesPerSecond: fc.double({ min: 0, max: 1e10, noNaN: true }),
  parallel: fc.integer({ min: 1, max: 16 }),
});

describe('planParts', () => {
  it('covers the file exactly, in order, within the limits, or says that it cannot', () => {
    fc.assert(
      fc.property(requests, (value) => {
        const { size, limits } = value;
        try {
          const { partSize, count } = planParts(value);
          assert.ok(Number.isInteger(partSize) && partSize >= 1 && Number.isInteger(count) && count >= 1);
          assert.ok((count - 1) * partSize < Math.max(size, 1) && count * partSize >= size);
          assert.ok(count <= (limits.maxParts ?? Infinity));
          if (limits.partSize !== undefined) assert.equal(partSize, limits.partSize);
          else if (size > 0) assert.ok(partSize <= (limits.maxPartSize ?? Infinity));
        } catch (error) {
          assert.ok(error instanceof UploadError, String(error));
          assert.equal(error.code, 'too-large');
          const { maxParts = Infinity, maxPartSize = Infinity, partSize = maxPartSize } = limits;
          const room = Math.min(partSize, maxPartSize) * maxParts;
          const isContradictory = partSize > maxPartSize;
          assert.ok(size > room || isContradictory, `${size} bytes fit into ${room}`);
        }
      }),
      { numRuns: 500, examples: [[{ size: 0, limits: {}, wanted: 'auto', bytesPerSecond: 5e-324, parallel: 2 }]] },
    );
  });

  it('keeps the smallest part size for all parts but the last where it can', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 * MiB }),
        fc.integer({ min: 1, max: 100 * MiB }),
        (wanted, minPartSize) => {
          const { partSize } = plan({ size: 10 * GiB, wanted, limits: { minPartSize } });

          assert.ok(partSize >= minPartSize && partSize >= wanted);
        },
      ),
    );
  });

  it('makes one part of no byte and of one byte', () => {
    assert.equal(plan({ size: 0 }).count, 1);
    assert.equal(plan({ size: 1 }).count, 1);
    assert.deepEqual(partOf(plan({ size: 0 }), 1), { number: 1, start: 0, end: 0 });
  });

  it('makes no empty part at an exact multiple', () => {
    assert.equal(plan({ size: 100, wanted: 10 }).count, 10);
    assert.equal(plan({ size: 101, wanted: 10 }).count, 11);
    assert.deepEqual(partOf(plan({ size: 101, wanted: 10 }), 11), { number: 11, start: 100, end: 101 });
  });

  it('raises the part size so that 10,000 parts are enough', () => {
    const limits = { maxParts: 10_000, minPartSize: 5 * MiB, maxPartSize: 5 * GiB };
    for (const size of [10_000 * MiB, 50_000 * MiB, 50_000 * MiB + 1, 5 * 1024 * GiB]) {
      const { count, partSize } = plan({ size, limits, wanted: MiB });

      assert.ok(count <= 10_000 && partSize >= 5 * MiB, `${count} parts of ${partSize}`);
    }
  });

  it('takes any wish for whole bytes, also one for all of the file at once', () => {
    assert.deepEqual(partOf(plan({ size: 100, wanted: Infinity }), 1), { number: 1, start: 0, end: 100 });
    assert.deepEqual(partOf(plan({ size: 100, wanted: 100 / 3 }), 2), { number: 2, start: 33, end: 66 });
  });

  it('uses the very part size that the server wants', () => {
    assert.equal(plan({ size: 100, limits: { partSize: 7 }, wanted: 50 }).partSize, 7);
  });

  it("refuses a file that the server's limits cannot hold", () => {
    assert.throws(
      () => plan({ size: 101, limits: { maxParts: 10, maxPartSize: 10 } }),
      (error: UploadError) => error.code === 'too-large',
    );
    assert.equal(plan({ size: 100, limits: { maxParts: 10, maxPartSize: 10 } }).count, 10);
  });

  it('takes smaller parts on a slow link and larger ones on a fast link', () => {
    const slow = plan({ size: 10 * GiB, bytesPerSecond: MiB }).partSize;
    const unknown = plan({ size: 10 * GiB }).partSize;
    const fast = plan({ size: 10 * GiB, bytesPerSecond: 1000 * MiB }).partSize;

    assert.ok(slow < unknown && unknown < fast, `${slow}, ${unknown}, ${fast}`);
  });

  it('makes rounds in which every lane has a part, and those of the last are hardly smaller', () => {
    const limits = { minPartSize: 5 * MiB };
    for (let size = 30 * MiB; size <= 400 * MiB; size += 7 * MiB) {
      const { count, partSize } = plan({ size, limits });

      assert.equal(count % 6, 0, `${size / MiB} MiB in ${count} parts`);
      assert.ok(partSize >= 5 * MiB && count * (partSize - 1) < size, `${size / MiB} MiB in parts of ${partSize}`);
    }
  });

  it('makes no part larger than the line allows, for the sake of even rounds', () => {
    const { partSize } = plan({ size: 100 * MiB, largest: 3 * MiB });

    assert.ok(partSize <= 3 * MiB, `${partSize}`);
  });

  it('leaves work for parallel requests in a file of middle size', () => {
    assert.ok(plan({ size: 20 * MiB }).count >= 6);
  });
});
