import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const LOCK_FILE = new URL('../../package-lock.json', import.meta.url);
const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(readFileSync(LOCK_FILE, 'utf8')).packages;

/** Where Node would look for the package: next to the one that asks, then further up. */
const isLocked = (asking: string, name: string): boolean => {
  const folders = asking.split('/node_modules/').map((_, index, all) => all.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders.map((folder) => `${folder}/`)].some((folder) => `${folder}node_modules/${name}` in packages);
};

describe('the lock file', () => {
  it('lists the programs of every platform, because npm ci refuses it otherwise', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    assert.deepEqual(missing, []);
  });

  it('names no download address, so that each machine uses its own registry', () => {
    const addressed = Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined);
    assert.deepEqual(addressed, []);
  });
});
