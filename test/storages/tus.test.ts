/** The element before the server of the tus project: the browser is killed again and again in one upload. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { UploadEngine, type UploadSnapshot } from '../../src/preset.js';
import { TestBrowser } from '../e2e/support/demo-page.js';
import { MadeFiles } from '../e2e/support/made-files.js';
import { randomFrom } from '../faults/support/random.js';
import { freePort } from '../runtimes/support/runtime.js';
import { makeScratchFolder, removeScratchFolder } from '../support/scratch-folder.js';
import { startElementPage } from './support/element-page.js';
import { eventually } from './support/eventually.js';
import { writeRecipe } from './support/recipe.js';
import { startStorageProxy } from './support/storage-proxy.js';

const MIB = 2 ** 20;
const SIZE = 128 * MIB;
const KILLS = 20;
const SEED = 13;
/** Bytes of one request that have arrived when its browser is killed, at most; what is in buffers then arrives as well. */
const MAX_ARRIVED = 2 * MIB;
const BYTES_PER_SECOND = 16 * MIB;
const TIMEOUT_MS = 60_000;
const POLL_MS = 5;

interface Append {
  /** What the page named as the offset. */
  readonly from: number;
  /** What the server had when the request arrived. */
  readonly had: number;
}

interface TusHost {
  readonly url: string;
  readonly appends: readonly Append[];
  /** Names of the headers that any request had. */
  readonly headers: ReadonlySet<string>;
  /** Bytes of the only upload; 0 while there is none. */
  stored(): number;
  /** Path of the only upload. */
  file(): Promise<string>;
  close(): Promise<void>;
}

const startTus = async (): Promise<TusHost> => {
  const folder = await makeScratchFolder('tus');
  const tus = new Server({ path: '/files', datastore: new FileStore({ directory: folder }) });
  const appends: Append[] = [];
  const headers = new Set<string>();
  let path = '';
  const sizeOf = (name: string): number => statSync(name, { throwIfNoEntry: false })?.size ?? 0;
  const note = (request: IncomingMessage): void => {
    for (const name of Object.keys(request.headers)) headers.add(name);
    if (request.method !== 'PATCH') return;
    path = join(folder, (request.url ?? '').split('/').at(-1) ?? '');
    appends.push({ from: Number(request.headers['upload-offset']), had: sizeOf(path) });
  };
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    note(request);
    void tus.handle(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    appends,
    headers,
    stored: () => (path === '' ? 0 : sizeOf(path)),
    file: async () => {
      const names = (await readdir(folder)).filter((name) => !name.endsWith('.json'));
      assert.equal(names.length, 1, 'one upload on the server');
      return join(folder, names[0] ?? '');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await removeScratchFolder(folder);
    },
  };
};

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const until = async (isTrue: () => boolean): Promise<void> => {
  const endsAt = Date.now() + TIMEOUT_MS;
  while (!isTrue()) {
    assert.ok(Date.now() < endsAt, 'waited in vain for the server to have more');
    await delay(POLL_MS);
  }
};

describe('tus before @tus/server', () => {
  const closing: (() => Promise<void>)[] = [];
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it(`ends byte by byte though the browser is killed ${KILLS} times, and sends nothing before the offset again`, async (t) => {
    const tus = await startTus();
    const proxy = await startStorageProxy(tus.url);
    proxy.faults({ bytesPerSecond: BYTES_PER_SECOND });
    const site = await startElementPage({
      attributesFor: () => `protocol="tus" checksums endpoint="${proxy.url}/files"`,
    });
    const [browser, files] = await Promise.all([TestBrowser.start(), MadeFiles.begin()]);
    closing.push(
      () => tus.close(),
      () => proxy.close(),
      () => site.close(),
      () => files.close(),
      () => browser.close(),
    );
    const file = await files.make('killed.bin', SIZE);

    const random = randomFrom(SEED);
    let page = await browser.openOwn(site.url, 'tus');
    await page.choose(file.path);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const moment = Math.ceil(random() * MAX_ARRIVED);
      await until(() => tus.appends.length > kill && tus.stored() >= (tus.appends.at(-1)?.had ?? 0) + moment);
      await browser.crash();
      page = await browser.openOwn(site.url, 'tus');
      await page.waiting('needs-file');
      await page.choose(file.path);
    }
    await page.settled(1, TIMEOUT_MS);

    assert.equal(await digestOf(await tus.file()), file.sha256);
    const sent = proxy.log.reduce((sum, { bytes }) => sum + bytes, 0);
    t.diagnostic(`${tus.appends.length} PATCH requests; ${((sent / SIZE - 1) * 100).toFixed(2)} % more bytes left`);
    assert.ok(tus.appends.length > KILLS, 'each browser has sent');
    for (const { from, had } of tus.appends) assert.equal(from, had, 'each begins where the server is');
    assert.deepEqual([tus.headers.has('upload-checksum'), tus.headers.has('upload-concat')], [false, false]);
    assert.deepEqual(await page.errors(), []);
  });

  it('takes a file by the recipe of the documentation', async () => {
    const application = await writeRecipe('backends/tus.md');
    const port = await freePort();
    const env = { ...process.env, PORT: String(port) };
    const server = spawn(process.execPath, ['tus-server.mjs'], { cwd: application.folder, env, stdio: 'inherit' });
    closing.push(application.close, async () => {
      server.kill();
      await once(server, 'exit');
    });
    const endpoint = `http://127.0.0.1:${port}/files`;
    await eventually(() =>
      fetch(endpoint, { method: 'OPTIONS' }).then(
        ({ ok }) => ok,
        () => false,
      ),
    );

    const bytes = new Uint8Array(randomBytes(3 * MIB));
    const engine = new UploadEngine({ protocol: 'tus', endpoint });
    const done = new Promise<UploadSnapshot>((resolve) => {
      engine.addEventListener('upload-complete', ({ detail }) => resolve(detail.upload));
      engine.addEventListener('upload-failed', ({ detail }) => resolve(detail.upload));
    });
    engine.addFiles([new File([bytes], 'a.bin')]);
    const { state, fileId } = await done;
    assert.equal(state, 'done');
    assert.ok((await readFile(join(application.folder, 'files', String(fileId)))).equals(bytes));
  });
});
