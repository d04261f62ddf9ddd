import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ControlRequest, DataRequest, Transport } from '../../../src/ports/transport.js';
import { Bench, fileOf } from '../../support/builders.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { wireResponse } from '../../support/scripted-transport.js';

const MiB = 2 ** 20;
const FOLDER = 'workspace/123/storage/root/list/';

/** An API whose sessions stay at `complete` and tell no id. `date` is what its clock says, as far as a page may read it. */
class SilentApi implements Transport {
  readonly asked: string[] = [];
  /** What the folders list, by path. */
  readonly lists = new Map<string, readonly object[]>();
  date: () => string | null;
  #sessions = 0;

  constructor(clock: FakeClock) {
    this.date = () => new Date(clock.wallNow()).toUTCString();
  }

  control = (request: ControlRequest) => this.#answer(request);
  send = (request: DataRequest) => this.#answer(request);

  /** The code of the protocol has come, and asks. */
  async untilAsked(): Promise<void> {
    const before = this.asked.length;
    while (this.asked.length === before) await settle();
  }

  count(path: string): number {
    return this.asked.filter((asked) => asked === path).length;
  }

  async #answer({ url, method }: ControlRequest | DataRequest) {
    const path = `${method} ${new URL(url).pathname.replace('/current/', '')}`;
    this.asked.push(path);
    const date = this.date();
    const headers = date === null ? {} : { Date: date };
    return wireResponse(url, { headers, json: { result: true, ...this.#payload(path) } });
  }

  #payload(path: string): object {
    if (path.endsWith('/lock/')) return { lock_token: 'token' };
    if (path.includes('/storage/') && path.endsWith('/details/')) {
      return { node: this.lists.get(path.replace('GET ', ''))?.[0] ?? {} };
    }
    if (path === 'POST upload/') {
      this.#sessions += 1;
      return { id: `s${this.#sessions}` };
    }
    if (path === 'POST upload/batch/') {
      const results = [0, 1].map((index) => ({ index, status: 'ok', upload_id: `b${index}`, node_id: null }));
      return { results };
    }
    if (path.endsWith('/details/')) return { session: { status: 'complete', new_file_id: null } };
    return { nodes: this.lists.get(path.replace('GET ', '')) ?? [], limits: {}, algos: [] };
  }
}

const silent = (workspaceId = '123') => {
  const clock = new FakeClock();
  const api = new SilentApi(clock);
  const bench = new Bench(
    { endpoint: 'https://api.test/current', protocol: 'fastio', workspaceId },
    { clock, transport: api },
  );
  /** As the API lists it. */
  const node = (id: string, size: number, ageMs = 0, name = 'a.bin') => ({
    id,
    name,
    size,
    type: 'file',
    modified: new Date(clock.wallNow() - ageMs).toISOString(),
  });
  return { clock, api, bench, node };
};

const minutes = async (clock: FakeClock, count: number): Promise<void> => {
  for (let second = 0; second < count * 60; second += 5) await clock.advance(5_000);
};

describe('A session that stays complete without an id', () => {
  for (const [how, size] of [
    ['one request', 10],
    ['chunks', 5 * MiB],
  ] as const) {
    it(`becomes done once, by ${how}, when its file is found in its folder`, async () => {
      const { clock, api, bench, node } = silent();
      const id = bench.add(fileOf('a.bin', new Uint8Array(size)));
      await api.untilAsked();
      await clock.advance(5_000);
      api.lists.set(FOLDER, [node('other', size, 0, 'b.bin'), node('mine', size)]);
      assert.equal(bench.state(id), 'finishing');
      assert.equal(api.count(`GET ${FOLDER}`), 0);

      await minutes(clock, 2);

      assert.deepEqual([bench.state(id), bench.upload(id).fileId], ['done', 'mine']);
      assert.equal(bench.events.of('upload-complete').length, 1);
      assert.equal(api.count(`GET ${FOLDER}`), 1);
      assert.equal(api.count('POST upload/'), 1);
    });

    it(`is not taken, by ${how}, for an older file of its name, or one of another size`, async () => {
      const { clock, api, bench, node } = silent();
      api.lists.set(FOLDER, [node('older', size, 60_000)]);
      const id = bench.add(fileOf('a.bin', new Uint8Array(size)));
      await api.untilAsked();
      await minutes(clock, 3);
      assert.equal(bench.state(id), 'finishing');

      api.lists.set(FOLDER, [node('larger', size + 1)]);
      await minutes(clock, 2);
      assert.equal(bench.state(id), 'finishing');

      api.lists.set(FOLDER, [node('mine', size)]);
      await minutes(clock, 2);
      assert.equal(bench.upload(id).fileId, 'mine');
    });
  }

  it('is the node that it replaces, once that is young enough, and lets its lock go', async () => {
    const { clock, api, bench, node } = silent();
    bench.engine.configure({ metadata: { fastioFileId: 'node9' } });
    const details = 'workspace/123/storage/node9/details/';
    api.lists.set(details, [node('node9', 10, 60_000)]);
    const id = bench.add(fileOf('a.bin', 10));
    await api.untilAsked();
    await minutes(clock, 2);
    assert.equal(bench.state(id), 'finishing');

    api.lists.set(details, [node('node9', 10)]);
    await minutes(clock, 2);

    assert.equal(bench.upload(id).fileId, 'node9');
    assert.equal(api.count('DELETE workspace/123/storage/node9/lock/'), 1);
  });

  it('is found for each file of a batch, in the folders of their paths', async () => {
    const { clock, api, bench, node } = silent();
    const ids = ['a.bin', 'b.bin'].map((name, index) => bench.add(fileOf(name, 10 + index), `x/${name}`));
    await api.untilAsked();
    await clock.advance(5_000);
    assert.equal(api.count('POST upload/batch/'), 1);
    api.lists.set(FOLDER, [{ id: 'folder-x', name: 'x', type: 'folder' }]);
    api.lists.set('workspace/123/storage/folder-x/list/', [node('mine-a', 10), node('mine-b', 11, 0, 'b.bin')]);

    await minutes(clock, 4);

    assert.deepEqual(
      ids.map((id) => bench.upload(id).fileId),
      ['mine-a', 'mine-b'],
    );
  });

  it("is polled on where the API's clock cannot be read, because an older file could not be told apart", async () => {
    const { clock, api, bench, node } = silent();
    api.date = () => null;
    api.lists.set(FOLDER, [node('mine', 10)]);
    const id = bench.add(fileOf('a.bin', 10));
    await api.untilAsked();

    await minutes(clock, 5);

    assert.equal(bench.state(id), 'finishing');
    assert.equal(api.count(`GET ${FOLDER}`), 0);
  });

  it('is looked for by the gateway where that chooses the folder', async () => {
    const { clock, api, bench } = silent('');
    const id = bench.add(fileOf('a.bin', 10));
    await api.untilAsked();
    await minutes(clock, 5);
    assert.equal(bench.state(id), 'finishing');
    assert.deepEqual(
      api.asked.filter((path) => path.endsWith('/list/')),
      [],
    );
  });

  it('is found by a later page as well', async () => {
    const { clock, api, bench, node } = silent();
    const id = bench.add(fileOf('a.bin', new Uint8Array(5 * MiB)));
    await api.untilAsked();
    await clock.advance(5_000);
    bench.engine.close();
    const later = new Bench(bench.engine.options, { clock, transport: api, store: bench.store });
    api.lists.set(FOLDER, [node('older', 5 * MiB, 600_000)]);
    await later.engine.restore();
    await api.untilAsked();
    await minutes(clock, 2);
    assert.equal(later.state(id), 'finishing');
    api.lists.set(FOLDER, [node('mine', 5 * MiB, 120_000)]);
    await minutes(clock, 2);

    assert.equal(later.upload(id).fileId, 'mine');
  });
});
