import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertReadable, fingerprintOf, isSame, mayBeSame } from '../../../src/engine/source/fingerprint.js';
import type { UploadError } from '../../../src/ports/errors.js';
import { bytesOf, fileOf } from '../../support/builders.js';
import { fakeHasher } from '../../support/fake-ports.js';

const MIDDLE = 100_000;
const file = fileOf('a.bin', 200_000);

const knownOf = async (known = file) => ({
  name: known.name,
  size: known.size,
  lastModified: known.lastModified,
  fingerprint: await fingerprintOf(known, fakeHasher),
});

/** The same file with one byte changed. */
const changedAt = (position: number): File => {
  const bytes = bytesOf(200_000);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return fileOf('a.bin', bytes);
};

/** A file whose bytes cannot be read any more. */
const broken = (name: string): File => {
  const unreadable = fileOf('a.bin');
  const fail = () => Promise.reject(new DOMException('no', name));
  unreadable.slice = () => Object.assign(new Blob(['x']), { arrayBuffer: fail, stream: fail });
  return unreadable;
};

const codeOf = (error: UploadError) => error.code;

describe('isSame', () => {
  it('knows a file by its content, whatever its date', async () => {
    assert.equal(await isSame(await knownOf(), fileOf('a.bin', 200_000, { lastModified: 1 }), fakeHasher), true);
  });

  it('sees a change at the head, in the middle and at the tail', async () => {
    const known = await knownOf();

    for (const position of [0, MIDDLE, 199_999]) {
      assert.equal(await isSame(known, changedAt(position), fakeHasher), false, `byte ${position}`);
    }
  });

  it('goes by the date where no digest could be made', async () => {
    const known = { ...(await knownOf()), fingerprint: null };

    assert.equal(await isSame(known, fileOf('a.bin', 200_000), fakeHasher), true);
    assert.equal(await isSame(known, fileOf('a.bin', 200_000, { lastModified: 1 }), fakeHasher), false);
    const none = { sha256: async () => null };
    assert.equal(await isSame(await knownOf(), fileOf('a.bin', 200_000, { lastModified: 1 }), none), false);
  });

  it('does not read a file of another name or size', async () => {
    const known = await knownOf();

    assert.equal(mayBeSame(known, fileOf('b.bin', 200_000)), false);
    assert.equal(mayBeSame(known, fileOf('a.bin', 199_999)), false);
    assert.equal(await isSame(known, broken('NotFoundError'), fakeHasher), false);
  });
});

describe('fingerprintOf', () => {
  it('reads a small file without cutting it, and digests what cutting gave', async () => {
    const bytes = bytesOf(20_000);
    const small = fileOf('a.bin', bytes);
    small.slice = () => assert.fail('the file was cut');
    const samples = [0, 1_808, 3_616].map((start) => bytes.slice(start, start + 16_384));

    assert.equal(
      await fingerprintOf(small, fakeHasher),
      await fakeHasher.sha256(await new Blob(samples).arrayBuffer()),
    );
  });

  it('reads no more than three samples of a large file', async () => {
    let read = 0;
    const watched = fileOf('a.bin', 5_000_000);
    const { slice } = watched;
    watched.slice = (start = 0, end = 0) => {
      read += end - start;
      return slice.call(watched, start, end);
    };

    await fingerprintOf(watched, fakeHasher);

    assert.equal(read, 3 * 16_384);
  });

  it('takes a file of no bytes', async () => {
    assert.equal(await fingerprintOf(fileOf('empty', 0), fakeHasher), await fakeHasher.sha256(new ArrayBuffer(0)));
  });
});

describe('assertReadable', () => {
  it('tells a file that is gone from one that changed', async () => {
    await assert.rejects(assertReadable(broken('NotFoundError'), 5), (error: UploadError) => {
      assert.equal(codeOf(error), 'source-unreadable');
      return true;
    });
    await assert.rejects(assertReadable(broken('NotReadableError'), 5), (error: UploadError) => {
      assert.equal(codeOf(error), 'source-changed');
      return true;
    });
  });

  it('finds a file that was cut short, of which Firefox reads what is left', async () => {
    const cut = fileOf('cut.bin', 200_000);
    const slice = cut.slice.bind(cut);
    cut.slice = (start = 0, end = 200_000) => slice(Math.min(start, 100_000), Math.min(end, 100_000));

    await assertReadable(cut, 99_999);
    await assert.rejects(assertReadable(cut, 199_999), (error: UploadError) => {
      assert.equal(codeOf(error), 'source-changed');
      return true;
    });
  });

  it('says nothing of a file that can be read, at its end or without bytes', async () => {
    await assertReadable(file, 199_999);
    await assertReadable(file, 200_000);
    await assertReadable(fileOf('empty', 0), 0);
  });
});
