import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT, type Runtime, type Storage, settings, startProgram } from './support/runtime.js';
import { takesAFolder } from './support/takes-a-folder.js';

const APP = join(ROOT, 'demo', 'sveltekit');

const run = (...args: readonly string[]): void => {
  const { status } = spawnSync('npm', args, { cwd: APP, stdio: ['ignore', 'ignore', 'inherit'] });
  assert.equal(status, 0, `npm ${args.join(' ')} failed`);
};

/** npm leaves a copy of the lock file with what it installed. */
const isInstalled = (): boolean => {
  const timeOf = (...path: string[]) => statSync(join(APP, ...path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return timeOf('node_modules', '.package-lock.json') > timeOf('package-lock.json');
};

/** The built server names no port that it chose itself. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const startSvelteKit = async (storage: Storage): Promise<Runtime> => {
  if (!isInstalled()) run('ci', '--ignore-scripts', '--no-audit', '--no-fund');
  run('run', 'build');
  const port = await freePort();
  return startProgram({
    args: ['build'],
    cwd: APP,
    env: {
      ...settings(storage),
      HOST: '127.0.0.1',
      PORT: String(port),
      ORIGIN: `http://localhost:${port}`,
      BODY_SIZE_LIMIT: '110M',
    },
    announces: /Listening on http:\/\/[\d.]+:(\d+)/,
  });
};

takesAFolder('SvelteKit', startSvelteKit, (started) => {
  it('sends the ids of stored files with its form', async () => {
    const { browser, runtime, folder } = started();
    const demo = await browser.open(runtime.url, 'auto');
    await demo.choose(
      ...folder.files
        .filter(({ size }) => size === 20_000)
        .slice(0, 3)
        .map(({ path }) => path),
    );
    await demo.settled(3);
    await demo.page.type('input[name=title]', 'Holiday');
    await Promise.all([demo.page.waitForNavigation(), demo.page.click('form > button')]);
    assert.equal(await demo.page.$eval('#sent', ({ textContent }) => textContent), 'Holiday: 3 files');
    await demo.close();
  });
});
