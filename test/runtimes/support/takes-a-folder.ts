/** The tests that each runtime has to pass: a real Chromium uploads a folder through it, and the storage holds the same. */

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type RunningEmulator, startEmulator } from '../../../src/emulator/index.js';
import { TestBrowser } from '../../e2e/support/demo-page.js';
import { assertSameFiles } from '../../e2e/support/same-files.js';
import { type MadeFolder, makeFolder } from './folder-of-all-sizes.js';
import type { Runtime, Storage } from './runtime.js';

const API_KEY = 'sk_test_of_the_runtimes';
const TIMEOUT_MS = 600_000;

export interface Started<R extends Runtime> {
  readonly runtime: R;
  readonly storage: RunningEmulator;
  readonly browser: TestBrowser;
  readonly folder: MadeFolder;
}

/**
 * Declares them in the suite that calls this, where a runner of tests finds the file again.
 * @param bigMiB size of the large file, where another runtime has shown that the usual one goes through.
 */
export const takesAFolder = <R extends Runtime>(
  start: (storage: Storage) => Promise<R>,
  { bigMiB }: { readonly bigMiB?: number } = {},
): (() => Started<R>) => {
  let started: Started<R>;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const storage = await startEmulator({ apiKey: API_KEY, plan: 'free' });
    ends.push(() => storage.close());
    const runtime = await start({ url: storage.url, apiKey: API_KEY });
    ends.push(() => runtime.close());
    const browser = await TestBrowser.start();
    ends.push(() => browser.close());
    const folder = await makeFolder(bigMiB);
    ends.push(() => folder.close());
    started = { runtime, storage, browser, folder };
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('takes a folder of all sizes from a browser, byte for byte', async (t) => {
    const { runtime, storage, browser, folder } = started;
    const page = await browser.open(runtime.url, 'auto');
    const begun = performance.now();
    await page.choose(...folder.files.map(({ path }) => path));
    const uploads = await page.settled(folder.files.length, TIMEOUT_MS);
    t.diagnostic(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
    // First, because they explain what else is not as it should be.
    const failures = uploads.filter(({ state }) => state !== 'done').map(({ name, error }) => ({ name, error }));
    assert.deepEqual({ errors: await page.errors(), failures }, { errors: [], failures: [] });
    assert.deepEqual([...new Set(uploads.map(({ protocol }) => protocol))], ['fastio']);
    assertSameFiles(await storage.files(), folder.files);
    const requests = (await storage.log()).map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
    const batches = requests.filter((request) => request === 'POST /current/upload/batch/').length;
    assert.ok(batches >= 1 && batches <= 3, `${batches} batch requests`);
    await page.close();
  });

  it('refuses a page of another site, and a request that is not relayed', async () => {
    const { url } = started.runtime;
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const mint = await fetch(`${url}/api/uploads/current/upload/`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ name: 'a', size: '1' }),
    });
    assert.equal(mint.status, 403);
    const all = await fetch(`${url}/api/uploads/current/upload/`, { method: 'DELETE' });
    assert.equal(all.status, 405);
  });

  return () => started;
};
