import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../../src/preset.js';
import { Bench, bytesOf, fileOf } from '../../support/builders.js';
import { equalParts } from '../../support/equal-parts.js';
import { received } from '../../support/scripted-server.js';

const KiB = 1024;
const SIZE = 3000 * KiB;

/** A proxy before the server that answers 413 to larger bodies; what it let through, by part number. */
const behindProxy = async (mostBytes: number, limits: object = {}, options: Partial<EngineOptions> = {}) => {
  const bench = new Bench({ protocol: 'chunked', parallel: 2, ...options });
  const id = bench.add(fileOf('big.bin', SIZE));
  await bench.server.openSession({ part_size: undefined, ...limits });
  const taken = new Map<number, Uint8Array>();
  let refused = 0;
  for (let turn = 0; turn < 200 && bench.state(id) !== 'failed'; turn += 1) {
    for (const part of bench.transport.open.filter(({ method }) => method === 'PUT')) {
      const bytes = await part.bytes();
      // A failure that is final ends the others.
      if (!part.isOpen) continue;
      if (bytes.length > mostBytes) {
        refused += 1;
        await part.answer({ status: 413, text: '<html><title>413 Request Entity Too Large</title></html>' });
      } else {
        taken.set(part.partNumber, bytes);
        await received(part);
      }
    }
    await bench.clock.advance(500);
    if (bench.state(id) === 'finishing') break;
  }
  return { bench, id, taken, refused: () => refused };
};

const joined = (taken: ReadonlyMap<number, Uint8Array>): Buffer =>
  Buffer.concat([...taken].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));

describe('A part that a proxy finds too large', () => {
  for (const most of [1024 * KiB, 200 * KiB]) {
    it(`is cut into parts of at most ${most / KiB} KiB where sizes are free`, async () => {
      const { bench, id, taken, refused } = await behindProxy(most);
      assert.equal(bench.state(id), 'finishing');
      assert.ok(joined(taken).equals(bytesOf(SIZE)), 'every byte once');
      assert.ok(refused() > 0 && refused() <= 12, `${refused()} refusals`);
    });
  }

  it('ends the upload, naming the part, where the server wants larger ones', async () => {
    const { bench, id } = await behindProxy(1024 * KiB, { min_part_size: 1500 * KiB });
    const { error } = bench.upload(id);
    assert.deepEqual([error?.code, error?.status, error?.retriable], ['too-large', 413, false]);
    assert.ok((error?.partNumber ?? 0) > 0);
  });

  it('ends the upload where so many parts would be too many', async () => {
    const { bench, id } = await behindProxy(1024 * KiB, { max_parts: 2 });
    assert.equal(bench.upload(id).error?.code, 'too-large');
  });

  it('is followed by smaller ones of one size where the protocol wants that', async () => {
    const { bench, id, taken } = await behindProxy(700 * KiB, {}, { protocol: equalParts(100 * KiB) });
    assert.equal(bench.state(id), 'finishing');
    assert.ok(joined(taken).equals(bytesOf(SIZE)), 'every byte once');
    assert.equal(new Set([...taken.values()].slice(0, -1).map(({ length }) => length)).size, 1);
  });

  it('ends the upload where the page has set the size', async () => {
    const { bench, id } = await behindProxy(1024 * KiB, {}, { partSize: 1500 * KiB });
    assert.equal(bench.upload(id).error?.code, 'too-large');
  });

  it('ends the upload where the server has set it', async () => {
    const { bench, id, refused } = await behindProxy(1024 * KiB, { part_size: 1500 * KiB });
    assert.equal(bench.upload(id).error?.code, 'too-large');
    assert.ok(refused() <= 2);
  });
});
