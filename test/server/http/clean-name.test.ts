import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanName, cleanPath } from '../../../src/server/http/clean-name.js';

describe('cleanName', () => {
  const kept = [
    'a.txt',
    '.gitignore',
    '😀 👩‍👩‍👧 #?%25 "quotes" \'n\' <b>.txt',
    'right\u200Fto\u202Eleft\u2067.pdf',
    'c:d*e|f',
    'trailing dot. ',
    'é'.normalize('NFC').repeat(127),
    `${'名'.repeat(83)}.txt`,
    'console.txt',
    'a.con',
    '...',
  ];
  for (const name of kept) {
    it(`keeps ${JSON.stringify(name.slice(0, 40))}`, () => assert.equal(cleanName(name), name));
  }

  const changed: [string, string][] = [
    ['..', '__'],
    ['.', '_'],
    ['', 'unnamed'],
    ['\u0000\u001F\u007F\u0085', 'unnamed'],
    ['a\r\nb\u2028.txt', 'ab.txt'],
    ['a/b\\c', 'a_b_c'],
    ['.\u0000.', '__'],
    ['\u200B', 'unnamed'],
    [' \u00A0\u2060\u3164', 'unnamed'],
    ['CON', 'CON_'],
    ['nul.tar.gz', 'nul_.tar.gz'],
    ['com1.txt', 'com1_.txt'],
    [`${'名'.repeat(100)}.txt`, `${'名'.repeat(83)}.txt`],
    ['e\u0301', '\u00E9'],
    ['a\uD83D.txt', 'a\uFFFD.txt'],
  ];
  for (const [name, clean] of changed) {
    it(`makes ${JSON.stringify(clean)} of ${JSON.stringify(name)}`, () => assert.equal(cleanName(name), clean));
  }

  it('cuts a name that no file system takes, between characters and before the extension', () => {
    assert.equal(cleanName(`${'😀'.repeat(300)}.jpeg`), `${'😀'.repeat(62)}.jpeg`);
    assert.equal(cleanName('x'.repeat(400)).length, 255);
  });

  it('makes one harmless segment of anything, and leaves that as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const clean = cleanName(name);
        assert.ok(clean.length > 0 && Buffer.byteLength(clean) <= 255 && clean !== '.' && clean !== '..');
        assert.doesNotMatch(clean, /[/\\\p{Cc}\p{Cs}]/u);
        assert.equal(cleanName(clean), clean);
      }),
    );
  });
});

describe('cleanPath', () => {
  it('keeps folders and names', () => assert.equal(cleanPath('a/b c/#?%.txt'), 'a/b c/#?%.txt'));

  it('never leaves its folder', () => {
    assert.equal(cleanPath('/../a/.././//b\\..\\c'), 'a/b_.._c');
    assert.equal(cleanPath('../..'), undefined);
  });

  it('refuses a path that it would have to cut', () => {
    assert.throws(() => cleanPath('a/'.repeat(2000)), { status: 400 });
  });
});
