import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { isAccepted, normalizeAccept } from '../../src/lib/accept.js';
import { loadTypes } from '../../src/lib/types/file-types.js';

describe('isAccepted', () => {
  before(loadTypes);

  const cases: [accept: string, name: string, type: string, expected: boolean][] = [
    ['', 'a', '', true],
    [' , ', 'a', '', true],
    ['image/*', 'a', 'image/png', true],
    ['image/*', 'a', 'imagery/png', false],
    ['image/png', 'a', 'image/png', true],
    ['IMAGE/PNG', 'a', 'image/png', true],
    ['.jpg', 'a.JPG', '', true],
    ['.JPG', 'a.jpg', '', true],
    ['.jpg', 'a.jpg.exe', 'image/jpeg', false],
    ['.tar.gz', 'a.tar.gz', '', true],
    ['.pdf, image/*', 'a', 'image/gif', true],
    ['*/*', 'a', '', true],
    ['text/plain', 'a', 'text/plain', true],
    // A file whose type the browser does not know, or knows as bytes, goes by its ending.
    ['image/*', 'a.png', '', true],
    ['image/*', 'IMG_0211.HEIC', '', true],
    ['image/*', 'raw.CR3', 'application/octet-stream', true],
    ['video/*', 'clip.mkv', '', true],
    ['image/*', 'notes', '', false],
    ['image/*', 'a.exe', '', false],
    // Types as Windows gives them.
    ['application/zip', 'a.zip', 'application/x-zip-compressed', true],
    ['text/csv', 'a.csv', 'application/vnd.ms-excel', true],
    ['application/vnd.ms-excel', 'a.xls', 'application/vnd.ms-excel', true],
    ['image/*', 'a.csv', 'application/vnd.ms-excel', false],
    // Other names of one type, on either side.
    ['image/jpg', 'a', 'image/jpeg', true],
    ['image/jpeg', 'a', 'image/jpg', true],
    ['image/png', 'a', 'image/x-png', true],
    ['audio/mp3', 'a', 'audio/mpeg', true],
    ['audio/mpeg', 'a', 'audio/mp3', true],
    ['text/*', 'a.xml', 'text/xml', true],
    ['application/xml', 'a.xml', 'text/xml', true],
    // Parameters.
    ['video/webm', 'a', 'video/webm;codecs=vp9', true],
    ['video/webm; codecs="vp9, opus"', 'a', 'video/webm', true],
    ['text/plain', 'a', 'text/plain; charset=utf-8', true],
    // Lists as people write them.
    ['jpg,png', 'a.jpg', 'image/jpeg', true],
    ['jpg,png', 'a.gif', 'image/gif', false],
    ['*.pdf', 'a.pdf', 'application/pdf', true],
    ['.jpg;.png', 'a.png', '', true],
    ['.jpg .png', 'a.png', '', true],
    ['images', 'a.webp', 'image/webp', true],
    ['image/', 'a.webp', 'image/webp', true],
    ['*.*', 'a', '', true],
    // Two endings for one thing.
    ['.jpg', 'a.jpeg', 'image/jpeg', true],
    ['.html', 'a.htm', 'text/html', true],
    // A name does not make a page a picture.
    ['image/*', 'a.png', 'text/html', false],
    ['image/png', 'page.png', 'text/html', false],
  ];
  for (const [accept, name, type, expected] of cases) {
    it(`${expected ? 'takes' : 'refuses'} "${name}" of type "${type}" for "${accept}"`, () => {
      assert.equal(isAccepted({ name, type }, accept), expected);
    });
  }

  it('never throws, and what a list takes a longer list takes as well', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (name, type, accept) => {
        const isTaken = isAccepted({ name, type }, accept);
        if (isTaken && accept.trim() !== '') {
          assert.ok(isAccepted({ name, type }, `${accept},.pdf`) || normalizeAccept(accept) === '');
        }
      }),
    );
  });

  it('takes the same files by a list and by its normal form', () => {
    const word = fc.constantFrom('jpg', '*.png', '.HEIC', 'image', 'image/jpg', 'video/*', 'text/csv;x=1', '*/*', '');
    const separator = fc.constantFrom(',', ' ', '; ', ' , ');
    const file = fc.record({
      name: fc.constantFrom('a.jpg', 'b.jpeg', 'c.png', 'd.heic', 'e.mp4', 'f.csv', 'g'),
      type: fc.constantFrom('', 'image/jpeg', 'image/jpg', 'video/mp4', 'text/csv', 'application/vnd.ms-excel'),
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), separator, file, (words, by, one) => {
        const accept = words.join(by);
        assert.equal(isAccepted(one, accept), isAccepted(one, normalizeAccept(accept)));
      }),
    );
  });
});

describe('normalizeAccept', () => {
  it('writes a list as browsers read it', () => {
    assert.equal(
      normalizeAccept('jpg, *.PNG;image/jpg images video/webm;codecs=vp9'),
      '.jpg,.png,image/jpeg,image/*,video/webm',
    );
    assert.equal(normalizeAccept('.pdf, */*'), '');
    assert.equal(normalizeAccept(' '), '');
  });
});
