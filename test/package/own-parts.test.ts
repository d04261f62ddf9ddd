/** A protocol and a store of one file each, as the documentation shows them, with nothing but what is published. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Page } from 'puppeteer-core';
import type * as Engine from '../../src/preset.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';
import { OwnApplication } from './own/own-application.js';
import { SigningServer } from './own/signing-server.js';

const SIZE = 7500;
const PARTS = [1, 2, 3, 4, 5, 6, 7, 8];

const byNumber = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** Looks again after each turn of the event loop. */
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
};

let application: OwnApplication;
let server: SigningServer;

before(async () => {
  application = await OwnApplication.make();
});
after(() => application?.remove());
beforeEach(async () => {
  server = await SigningServer.start();
});
afterEach(() => server.close());

describe('a protocol of the application', () => {
  const load = async (): Promise<{
    readonly engine: typeof Engine;
    readonly ownProtocol: Engine.ProtocolDefinition;
  }> => {
    const urlOf = (path: string) => pathToFileURL(join(application.folder, path)).href;
    const engine = await import(urlOf('node_modules/fastio-upload/dist/preset.js'));
    return { engine, ...(await import(urlOf('own-protocol.js'))) };
  };

  const upload = async (
    options: Partial<Engine.UploadEngineOptions>,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Engine.UploadSnapshot> => {
    const { engine, ownProtocol } = await load();
    const uploads = new engine.UploadEngine({ endpoint: server.endpoint, protocol: ownProtocol, ...options });
    const ended = new Promise<Engine.UploadSnapshot>((resolve) => {
      uploads.addEventListener('upload-complete', ({ detail }) => resolve(detail.upload));
      uploads.addEventListener('upload-failed', ({ detail }) => resolve(detail.upload));
    });
    uploads.addFiles([new File([bytes], 'a.bin')]);
    return ended;
  };

  it('asks for URLs some parts ahead, once for each part, however many lanes there are', async () => {
    const bytes = randomBytes(SIZE);
    const { state, protocol, fileId, parts } = await upload({ parallel: 4 }, bytes);
    assert.deepEqual([state, protocol, fileId, parts], ['done', 'own', 'file-u0', { total: 8, confirmed: 8 }]);
    assert.deepEqual(server.stored, [bytes]);
    assert.deepEqual(server.signed, [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it('sends the headers of the page to its backend only', async () => {
    const { state } = await upload({ headers: { 'X-Page': 'yes' } }, randomBytes(10));
    assert.equal(state, 'done');
    const { backend, storage } = server.headers;
    assert.deepEqual([backend['x-page'], storage['x-page']], ['yes', undefined]);
  });

  it('is tried again where the storage is overloaded', async () => {
    server.overloaded = 1;
    const bytes = randomBytes(10);
    assert.equal((await upload({}, bytes)).state, 'done');
    assert.deepEqual([server.refused, server.stored], [[503], [bytes]]);
  });

  it('replaces a URL that the storage takes for ended, without a retry', async () => {
    server.ahead = 61_000;
    const bytes = randomBytes(10);
    const ended = upload({}, bytes);
    await until(() => server.refused.length === 1);
    server.ahead = 0;
    const { state, attempt } = await ended;
    assert.deepEqual([state, attempt], ['done', 1]);
    assert.deepEqual([server.signed, server.stored], [[[1], [1]], [bytes]]);
  });

  it('may be a plain object that knows its backend itself', async () => {
    const { engine, ownProtocol } = await load();
    if (!('create' in ownProtocol)) throw new Error('not made from a context');
    const backend = engine.createBackend({ endpoint: server.endpoint });
    const context = { backend, clock: backend.clock } as Engine.ProtocolContext;
    const protocol = { ...ownProtocol.create(context), name: 'plain' };
    assert.equal((await upload({ protocol }, randomBytes(10))).state, 'done');
  });
});

describe('a protocol and a store of the application', () => {
  const bytes = randomBytes(SIZE);
  const children: ChildProcess[] = [];

  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  const start = (path: string, records: string): ChildProcess => {
    const args = ['upload.js', server.endpoint, path, records];
    const child = spawn(process.execPath, args, { cwd: application.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };

  it('go on in Node where a killed process ended, and send no confirmed part twice', async () => {
    const [path, records] = [join(application.folder, 'a.bin'), join(application.folder, 'records')];
    await writeFile(path, bytes);
    server.answersTo = 3;
    const first = start(path, records);
    const texts = async () => {
      const names = (await readdir(records).catch(() => [])).filter((name) => name.endsWith('.json'));
      return Promise.all(names.map((name) => readFile(join(records, name), 'utf8').catch(() => '')));
    };
    await until(async () => server.confirmed.length === 3 && (await texts()).some((text) => text.includes('"u0"')));
    assert.doesNotMatch((await texts()).join(), /signature/);
    first.kill('SIGKILL');
    await once(first, 'exit');

    server.answersTo = PARTS.length;
    const second = start(path, records);
    const [output] = await once(second.stdout ?? second, 'data');
    assert.equal(String(output).trim(), 'file-u0');
    await once(second, 'exit');
    assert.deepEqual(byNumber(server.confirmed), PARTS);
    assert.deepEqual(server.stored, [bytes]);
    assert.deepEqual(await texts(), []);
  });

  it('go on in a page that was reloaded, and send no confirmed part twice', async () => {
    const site = await application.serve(server.endpoint);
    const browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
    after(() => browser.close());
    after(() => site.close());
    const page = await browser.newPage();
    // The element asks whether to leave a page that is uploading.
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(site.url);
    await page.waitForFunction(() => document.querySelector('fastio-upload')?.engine);
    server.answersTo = 3;
    await page.evaluate(addFile, [...bytes]);
    await until(async () => server.confirmed.length === 3 && (await page.evaluate(isRecorded)));

    await page.reload();
    server.answersTo = PARTS.length;
    await page.waitForFunction(() => document.querySelector('fastio-upload')?.uploads.length === 1);
    assert.equal(await page.evaluate(reattachFile, [...bytes]), 'file-u0');
    assert.deepEqual(byNumber(server.confirmed), PARTS);
    assert.deepEqual(server.stored, [bytes]);
    await page.waitForFunction(() => localStorage.length === 0);
    assert.deepEqual(await databasesOf(page), []);
  });
});

const addFile = (content: readonly number[]): void => {
  document
    .querySelector('fastio-upload')
    ?.addFiles([new File([new Uint8Array(content)], 'a.bin', { lastModified: 1 })]);
};

/** Whether the record holds all three receipts; the first ones may be written alone. */
const isRecorded = (): boolean =>
  Object.values(localStorage).some(
    (text) => String(text).includes('"u0"') && String(text).split('"number":').length > 3,
  );

const reattachFile = (content: readonly number[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const element = document.querySelector('fastio-upload');
    element?.addEventListener('upload-complete', ({ detail }) => resolve(detail.fileId));
    element?.addEventListener('upload-failed', ({ detail }) => reject(new Error(detail.error.message)));
    const [unfinished] = element?.uploads ?? [];
    if (unfinished?.confirmedBytes !== 3000)
      reject(new Error(`of 3000 bytes ${unfinished?.confirmedBytes} are confirmed`));
    void element?.reattach(String(unfinished?.id), new File([new Uint8Array(content)], 'a.bin', { lastModified: 1 }));
  });

/** The default store has not been used beside. */
const databasesOf = (page: Page): Promise<(string | undefined)[]> =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
