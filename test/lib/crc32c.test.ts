import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { combineCrc32c, crc32c, toCrc32cHex } from '../../src/lib/crc32c.js';

const hexOf = (bytes: Uint8Array): string => toCrc32cHex(crc32c(bytes));

/** Bit by bit, after the definition. */
const referenceOf = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
};

const bytes = () => fc.uint8Array({ maxLength: 200 });

describe('crc32c', () => {
  it('gives the published values', () => {
    assert.equal(hexOf(new TextEncoder().encode('123456789')), 'e3069283');
    assert.equal(hexOf(new Uint8Array()), '00000000');
    // RFC 3720, appendix B.4.
    assert.equal(hexOf(new Uint8Array(32)), '8a9136aa');
    assert.equal(hexOf(new Uint8Array(32).fill(0xff)), '62a8ab43');
    assert.equal(hexOf(Uint8Array.from({ length: 32 }, (_, index) => index)), '46dd794e');
  });

  it('equals the definition for any bytes, wherever they lie in their buffer', () => {
    fc.assert(
      fc.property(bytes(), fc.nat(9), (value, offset) => {
        const buffer = new Uint8Array(offset + value.length + 3);
        buffer.set(value, offset);
        assert.equal(crc32c(buffer.subarray(offset, offset + value.length)), referenceOf(value));
      }),
    );
  });

  it('can be carried on with the bytes that follow', () => {
    fc.assert(
      fc.property(fc.array(bytes(), { maxLength: 6 }), (pieces) => {
        const carried = pieces.reduce((crc, piece) => crc32c(piece, crc), 0);
        assert.equal(carried, crc32c(Buffer.concat(pieces)));
      }),
    );
  });

  it('combines the values of neighbours', () => {
    fc.assert(
      fc.property(bytes(), bytes(), (a, b) => {
        assert.equal(combineCrc32c(crc32c(a), crc32c(b), b.length), crc32c(Buffer.concat([a, b])));
      }),
    );
    const large = [randomBytes(1_048_576), randomBytes(3_000_001)] as const;
    assert.equal(combineCrc32c(crc32c(large[0]), crc32c(large[1]), 3_000_001), crc32c(Buffer.concat(large)));
  });

  it('combines over lengths beyond 32 bits', () => {
    const zero = new Uint8Array(1024);
    const half = 2 ** 31;
    const overHalves = combineCrc32c(combineCrc32c(crc32c(zero), 0, half), 0, half + 5);
    assert.equal(combineCrc32c(crc32c(zero), 0, 2 ** 32 + 5), overHalves);
  });
});
