import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAccepted } from '../../../src/lib/accept.js';

describe('an accept list', () => {
  const cases: [string, string, string, boolean][] = [
    ['.pdf', 'a.PDF', '', true],
    ['.pdf', 'apdf', 'application/pdf', false],
    ['.tar.gz', 'a.tar.gz', '', true],
    ['application/pdf', 'a', 'Application/PDF', true],
    ['text/plain', 'a', 'text/plain; charset=utf-8', true],
    ['image/*', 'a.png', 'image/png', true],
    ['image/*', 'a.png', 'application/octet-stream', true],
    ['image/*', 'a.exe', 'application/octet-stream', false],
    ['image/*', 'a.png', 'text/html', false],
    ['image/*', 'a', 'imagex/png', false],
    [' .txt , image/* ', 'a', 'image/gif', true],
    ['*/*', 'a', 'x/y', true],
    ['*', 'a', 'x/y', true],
    ['', 'a', 'x/y', true],
    [' , ', 'a', 'x/y', true],
    ['.exe', 'a.exe.txt', 'text/plain', false],
  ];
  for (const [accept, name, type, expected] of cases) {
    it(`"${accept}" ${expected ? 'takes' : 'refuses'} "${name}" of type "${type}"`, () => {
      assert.equal(isAccepted({ name, type }, accept), expected);
    });
  }
});
