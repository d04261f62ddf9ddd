/** A protocol and a store of one file each, with no edit elsewhere. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createBackend, type Protocol, UploadEngine, type UploadSnapshot } from '../../../src/preset.js';
import { type FrameworkPage, openFrameworkPage } from '../../frameworks/framework-page.js';
import { bytesOf, fileOf } from '../../support/builders.js';
import { toyProtocol } from './toy-protocol.js';
import { startToyServer, type ToyServer } from './toy-server.js';
import { toyStore } from './toy-store.js';

const SIZE = 7500;

/** Something like `localStorage`. */
const textStorage = () => {
  const entries = new Map<string, string>();
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  };
};

const ended = (engine: UploadEngine): Promise<UploadSnapshot> =>
  new Promise((resolve) => {
    const onEnd = ({ detail }: CustomEvent<{ readonly upload: UploadSnapshot }>) => resolve(detail.upload);
    engine.addEventListener('upload-complete', onEnd);
    engine.addEventListener('upload-failed', onEnd);
  });

describe('a protocol of the page', () => {
  let server: ToyServer;

  beforeEach(async () => {
    server = await startToyServer();
  });

  const finish = (run: () => Promise<void>) => run().finally(() => server.close());

  it('uploads in Node, with URLs that are signed some parts ahead', () =>
    finish(async () => {
      const engine = new UploadEngine({ endpoint: server.url, protocol: toyProtocol, parallel: 1 });
      const end = ended(engine);
      engine.addFiles([fileOf('a.bin', SIZE)]);

      const { state, protocol, fileId, parts } = await end;
      assert.deepEqual([state, protocol, fileId, parts], ['done', 'toy', 'file-u0', { total: 8, confirmed: 8 }]);
      assert.deepEqual(server.stored, [Buffer.from(bytesOf(SIZE))]);
      assert.deepEqual(server.signed, [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]);
    }));

  it('sends the headers of the page to its backend only', () =>
    finish(async () => {
      const headers = () => new Headers({ 'X-Page': 'yes' });
      const engine = new UploadEngine({ endpoint: server.url, protocol: toyProtocol, headers });
      const end = ended(engine);
      engine.addFiles([fileOf('a.bin', 10)]);

      assert.equal((await end).state, 'done');
      assert.equal(server.storageHeaders['x-page'], undefined);
    }));

  it('is retried, and goes on in a later page from the parts that its server has', () =>
    finish(async () => {
      const storage = textStorage();
      const options = { endpoint: server.url, protocol: toyProtocol, parallel: 1 } as const;
      const first = new UploadEngine(options, { store: toyStore(storage) });
      first.addEventListener('part-complete', ({ detail }) => detail.part === 3 && first.pause());
      const paused = new Promise<void>((resolve) => {
        first.addEventListener('upload-state', ({ detail }) => detail.upload.state === 'paused' && resolve());
      });
      server.refuse = 1;
      first.addFiles([fileOf('a.bin', SIZE)]);
      await paused;
      // The record is written soon after the part.
      while (JSON.parse(storage.getItem('toy-uploads') ?? '[]')[0]?.receipts.length !== 3) {
        await new Promise((resolve) => setImmediate(resolve));
      }

      const locks = {
        isHeldHere: () => false,
        tryHold: async () => ({ release: () => {} }),
        hold: async () => ({ release: () => {} }),
      };
      const second = new UploadEngine(options, { store: toyStore(storage), locks });
      const end = ended(second);
      const [restored] = await second.restore();
      assert.equal(restored?.confirmedBytes, 3000);
      await second.reattach(String(restored?.id), fileOf('a.bin', SIZE));
      second.resume();

      assert.equal((await end).state, 'done');
      assert.deepEqual(server.stored, [Buffer.from(bytesOf(SIZE))]);
    }));

  it('may be a plain object that knows its backend itself', () =>
    finish(async () => {
      const backend = createBackend({ endpoint: server.url });
      const made = 'create' in toyProtocol ? toyProtocol.create({ backend } as never) : null;
      const own: Protocol = { ...(made as Protocol), name: 'plain' };
      const engine = new UploadEngine({ protocol: own });
      const end = ended(engine);
      engine.addFiles([fileOf('a.bin', 10)]);

      assert.equal((await end).state, 'done');
    }));
});

describe('a protocol of the page, in a page', () => {
  let server: ToyServer;
  let application: FrameworkPage;

  before(async () => {
    server = await startToyServer();
    application = await openFrameworkPage('../protocols/own/toy-page.ts');
  });

  after(async () => {
    await application?.close();
    server?.close();
  });

  it('is taken by the element as a property', async () => {
    const fileId = await application.page.evaluate(
      (endpoint, size) =>
        new Promise<string>((resolve, reject) => {
          const element = document.querySelector('fastio-upload');
          if (element === null) throw new Error('no element');
          element.endpoint = endpoint;
          element.addEventListener('upload-complete', ({ detail }) => resolve(detail.fileId));
          element.addEventListener('upload-failed', ({ detail }) => reject(new Error(detail.error.message)));
          element.addFiles([new File([new Uint8Array(size).fill(7)], 'a.bin')]);
        }),
      server.url,
      SIZE,
    );

    assert.equal(fileId, 'file-u0');
    assert.deepEqual(server.stored, [Buffer.alloc(SIZE, 7)]);
  });
});
