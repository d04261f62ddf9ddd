/** One operation of the store fails while an upload goes on; what the next page and another tab make of it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Store, UploadRecord } from '../../../src/ports/store.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { AlbumServer } from '../../support/album-server.js';
import { Bench, fileOf, namesOf, SCOPE } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeChannelHub, FakeLockManager } from '../../support/fake-ports.js';

const MOMENTS = 20;

/** More parts than moments, each of which takes longer than the records wait to be written. */
const SIZE = 250;
const PART_MS = 300;

/** A store one of whose writes fails, the one with that number; all others go through. */
class FailingOnce implements Store {
  readonly #store: Store;
  readonly #moment: number;
  #writes = 0;

  constructor(store: Store, moment: number) {
    this.#store = store;
    this.#moment = moment;
  }

  get hasFailed(): boolean {
    return this.#writes > this.#moment;
  }

  load = (scope: string): Promise<UploadRecord[]> => this.#store.load(scope);
  get = (id: string): Promise<UploadRecord | null> => this.#store.get(id);
  put = (records: readonly UploadRecord[]): Promise<void> => this.#write(() => this.#store.put(records));
  delete = (ids: readonly string[]): Promise<void> => this.#write(() => this.#store.delete(ids));

  #write(operation: () => Promise<void>): Promise<void> {
    const fails = this.#writes++ === this.#moment;
    return fails ? Promise.reject(new DOMException('no room', 'QuotaExceededError')) : operation();
  }
}

/** A page whose store fails once, another tab, and what opens later pages; all over one disk. */
const setUp = async (moment: number) => {
  const clock = new FakeClock();
  const server = new AlbumServer(clock, PART_MS);
  const disk = new MemoryStore({ wallNow: () => clock.wallNow() });
  const [manager, channels] = [new FakeLockManager(), new FakeChannelHub()];
  const open = async (store: Store = disk) => {
    const [locks, channel] = [manager.tab(), channels.tab()];
    const bench = new Bench({ protocol: 'chunked', parallel: 1 }, { clock, transport: server, store, locks, channel });
    await bench.engine.restore();
    const die = () => {
      bench.engine.pause();
      locks.die();
      channel.die();
    };
    return { engine: bench.engine, events: bench.events, add: (file: File) => bench.add(file), die };
  };
  const store = new FailingOnce(disk, moment);
  return { clock, server, disk, store, page: await open(store), other: await open(), open };
};

describe('A page one of whose writes fails', () => {
  for (let moment = 0; moment < MOMENTS; moment++) {
    it(`brings nothing back that was finished, and sends nothing twice: write ${moment}`, async () => {
      const { clock, server, store, page, other, open } = await setUp(moment);
      page.add(fileOf('a.bin', SIZE));
      await clock.advanceUntil(() => page.engine.progress.done === 1);
      await clock.advance(60_000);
      page.die();
      const next = await open();
      await clock.advance(60_000);

      assert.ok(store.hasFailed);
      for (const { engine } of [other, next]) assert.deepEqual(namesOf(engine.uploads), []);
      assert.deepEqual(namesOf(server.stored), ['a.bin']);
      assert.equal([page, other, next].flatMap(({ events }) => events.of('upload-complete')).length, 1);
    });

    it(`brings nothing back that was canceled, and records what is added later: write ${moment}`, async () => {
      const { clock, disk, store, page, other, open } = await setUp(moment);
      const id = page.add(fileOf('a.bin', SIZE));
      await clock.advanceUntil(() => store.hasFailed);
      page.engine.cancel(id);
      await clock.advance(60_000);
      page.add(fileOf('later.bin', SIZE));
      await clock.advance(2_000);

      assert.deepEqual(namesOf(await disk.load(SCOPE)), ['later.bin']);
      page.die();
      const next = await open();
      for (const { engine } of [other, next]) assert.deepEqual(namesOf(engine.uploads), ['later.bin']);
      assert.equal(page.events.of('upload-canceled').length, 1);
    });
  }
});
