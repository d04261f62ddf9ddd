import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Protocol, UploadEngine } from '../src/preset.js';
import { AlbumServer } from './support/album-server.js';
import { Bench, fileOf, namesOf } from './support/builders.js';
import { FakeClock } from './support/fake-clock.js';

/** As in a frame of another site where the browser blocks storage. */
const forbid = (context: TestContext, owner: object, name: string): void => {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const get = () => {
    throw new DOMException(`${name} is not for this page`, 'SecurityError');
  };
  Object.defineProperty(owner, name, { configurable: true, get });
  context.after(() => {
    if (before) Object.defineProperty(owner, name, before);
    else Reflect.deleteProperty(owner, name);
  });
};

describe('preset', () => {
  it('ends with `configuration` when no endpoint is set', async () => {
    const { engine, ...bench } = new Bench({ endpoint: '' });
    engine.addFiles([fileOf('a.txt')]);

    await bench.clock.advance(0);

    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
  });

  for (const [what, name] of [
    ['none', undefined],
    ['an empty one', ''],
    ['a number', 5],
  ]) {
    it(`ends with \`configuration\` that asks for the name of a protocol of the page's own that has ${what}`, async () => {
      const opened: string[] = [];
      const open = async (facts: { readonly name: string }) => opened.push(facts.name);
      const own = { name, open, reopen: open } as unknown as Protocol;
      const clock = new FakeClock();
      const transport = new AlbumServer(clock);
      const engine = new UploadEngine({ endpoint: 'https://app.test/a', protocol: own }, { clock, transport });
      engine.addFiles([fileOf('a.txt')]);
      await clock.advance(0);

      const { code, message = '' } = engine.uploads[0]?.error ?? {};
      assert.deepEqual([code, opened], ['configuration', []]);
      assert.match(message, /set its `name`/);
    });
  }

  it('stores a file where the page may not even ask for a database, locks or a channel', async (context) => {
    forbid(context, globalThis, 'indexedDB');
    forbid(context, globalThis, 'BroadcastChannel');
    forbid(context, globalThis.navigator ?? {}, 'locks');
    const clock = new FakeClock();
    const transport = new AlbumServer(clock);
    const engine = new UploadEngine({ endpoint: 'https://app.test/a', protocol: 'chunked' }, { clock, transport });
    engine.addFiles([fileOf('a.txt')]);
    await engine.restore();
    await clock.advanceUntil(() => engine.progress.pending === 0);

    assert.deepEqual(namesOf(transport.stored), ['a.txt']);
  });
});
