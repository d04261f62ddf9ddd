/** The package can be made again from the sources of a version, and compared with the one that is published. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const hashesBelow = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, hashOf(join(folder, name))]),
  );

const pack = async (cwd: string, destination: string): Promise<string> => {
  await mkdir(destination);
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const { stdout } = await run('npm', args, { cwd, maxBuffer: 1 << 26 });
  return hashOf(join(destination, JSON.parse(stdout)[0].filename));
};

describe('two builds of the same sources', () => {
  let scratch = '';
  let copy = '';

  before(async () => {
    // On the same disk, so that packages are linked and not copied.
    await mkdir(join(ROOT, 'coverage'), { recursive: true });
    scratch = await mkdtemp(join(ROOT, 'coverage', 'second-build-'));
    copy = join(scratch, 'another folder');
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const { stdout } = await run('git', list, { cwd: ROOT, maxBuffer: 1 << 26 });
    for (const name of stdout.split('\0').filter((path) => !/^$|^demo\//.test(path))) {
      await mkdir(dirname(join(copy, name)), { recursive: true });
      cpSync(join(ROOT, name), join(copy, name));
    }
    await run('cp', ['-al', join(ROOT, 'node_modules'), join(copy, 'node_modules')]);
    const env = { ...process.env, TZ: 'Asia/Tokyo', LC_ALL: 'C' };
    await run('npm', ['run', 'build'], { cwd: copy, env, maxBuffer: 1 << 26 });
  });

  after(() => rm(scratch, { recursive: true, force: true }));

  it('are the same files, byte for byte, in whatever folder and time zone', () => {
    assert.deepEqual(hashesBelow(join(copy, 'dist')), hashesBelow(join(ROOT, 'dist')));
  });

  it('make the same tarball', async () => {
    assert.equal(await pack(copy, join(scratch, 'one')), await pack(ROOT, join(scratch, 'two')));
  });
});
