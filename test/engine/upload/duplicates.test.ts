import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { duplicateKey, TakenNames } from '../../../src/engine/upload/duplicates.js';

const describeFile = (relativePath: string) => ({
  name: relativePath.slice(relativePath.lastIndexOf('/') + 1),
  relativePath,
  size: 1,
  type: '',
  lastModified: 2,
});

describe('TakenNames', () => {
  const cases: [path: string, taken: string[], expected: string][] = [
    ['photo.jpg', [], 'photo (2).jpg'],
    ['photo.jpg', ['photo (2).jpg', 'photo (3).jpg'], 'photo (4).jpg'],
    ['trip/a.b/photo.tar.gz', [], 'trip/a.b/photo.tar (2).gz'],
    ['trip.d/README', [], 'trip.d/README (2)'],
    ['.env', [], '.env (2)'],
  ];
  for (const [path, taken, expected] of cases) {
    it(`makes ${expected} of ${path}`, () => {
      const names = new TakenNames([path, ...taken].map(describeFile));
      const { name, relativePath } = names.distinct(describeFile(path));

      assert.equal(relativePath, expected);
      assert.equal(name, expected.slice(expected.lastIndexOf('/') + 1));
    });
  }
});

describe('duplicateKey', () => {
  it('is equal only for equal path, size and date', () => {
    const file = describeFile('a/b');

    assert.equal(duplicateKey(file), duplicateKey({ ...file }));
    for (const other of [{ relativePath: 'b' }, { size: 2 }, { lastModified: 3 }]) {
      assert.notEqual(duplicateKey(file), duplicateKey({ ...file, ...other }));
    }
  });
});
