/** The table of threats in SECURITY.md is complete, and each test that it names is there. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const THREATS = 43;

const readRows = (): readonly (readonly string[])[] =>
  readFileSync(new URL('SECURITY.md', ROOT), 'utf8')
    .split('\n')
    .filter((line) => /^\| T\d/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('the table of threats', () => {
  const rows = readRows();

  it('has each threat once, in order', () => {
    assert.deepEqual(
      rows.map(([id]) => id),
      Array.from({ length: THREATS }, (_, index) => `T${index + 1}`),
    );
  });

  for (const [id, , defence = '', test = ''] of rows) {
    it(`names a test against ${id}, or says why there is none`, () => {
      const [, path, title] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
      if (path === undefined || title === undefined) {
        assert.match(test, /^No test: .{40,}\.$/);
        return;
      }
      assert.notEqual(defence, '');
      assert.ok(existsSync(new URL(path, ROOT)), `${path} is not there`);
      assert.ok(readFileSync(new URL(path, ROOT), 'utf8').includes(title), `${path} has no test "${title}"`);
    });
  }
});
