import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Md5 } from '../../src/lib/md5.js';

const hexOf = (pieces: readonly Uint8Array[]): string => {
  const hash = new Md5();
  for (const piece of pieces) hash.update(piece);
  return hash.hex();
};

const expectedOf = (pieces: readonly Uint8Array[]): string => {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

/** RFC 1321, appendix A.5. */
const PUBLISHED = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
] as const;

describe('Md5', () => {
  for (const [text, digest] of PUBLISHED) {
    it(`gives the published value of "${text}"`, () => {
      assert.equal(hexOf([new TextEncoder().encode(text)]), digest);
    });
  }

  it('gives the value of any length up to four blocks', () => {
    for (let length = 0; length <= 256; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => index * 31);
      assert.equal(hexOf([bytes]), expectedOf([bytes]), `${length} bytes`);
    }
  });

  it('gives the same value however the bytes are divided, and wherever they lie in their buffer', () => {
    const piece = fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(9)).map(([bytes, offset]) => {
      const buffer = new Uint8Array(offset + bytes.length + 3);
      buffer.set(bytes, offset);
      return buffer.subarray(offset, offset + bytes.length);
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        assert.equal(hexOf(pieces), expectedOf(pieces));
      }),
    );
  });

  it('counts more bits than 32 bits hold', () => {
    const pieces = Array.from({ length: 513 }, () => new Uint8Array(2 ** 20));
    assert.equal(hexOf(pieces), expectedOf(pieces));
  });
});
