import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const ROOT = new URL('../../', import.meta.url);

/** Where Node would look for the package: next to the one that asks, then further up. */
const isLocked = (packages: object, asking: string, name: string): boolean => {
  const folders = asking.split('/node_modules/').map((_, index, all) => all.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders.map((folder) => `${folder}/`)].some((folder) => `${folder}node_modules/${name}` in packages);
};

const CONSUMERS = 'test/consumers/apps/';
const applications = readdirSync(new URL(CONSUMERS, ROOT)).map((name) => `${CONSUMERS}${name}/package-lock.json`);

for (const path of [
  'package-lock.json',
  'demo/sveltekit/package-lock.json',
  'demo/worker/package-lock.json',
  ...applications,
]) {
  const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(
    readFileSync(new URL(path, ROOT), 'utf8'),
  ).packages;

  describe(path, () => {
    it('lists the programs of every platform, because npm ci refuses it otherwise', () => {
      const missing = Object.entries(packages).flatMap(([asking, { optionalDependencies = {} }]) =>
        Object.keys(optionalDependencies).filter((name) => !isLocked(packages, asking, name)),
      );
      assert.deepEqual(missing, []);
    });

    it('names no download address, so that each machine uses its own registry', () => {
      const addressed = Object.values(packages).filter(({ resolved, link }) => resolved !== undefined && !link);
      assert.deepEqual(addressed, []);
    });
  });
}
