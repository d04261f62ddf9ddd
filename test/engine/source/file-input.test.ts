import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadEngine } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';

const engine = () => new UploadEngine({ autoStart: false }, { store: new MemoryStore() });

const file = (name: string) => new File(['abc'], name);

const handle = (name: string) => ({ kind: 'file', name, getFile: async () => file(name) });

const namesOf = ({ uploads }: UploadEngine) => uploads.map(({ name }) => name);

const added = (of: UploadEngine): Promise<unknown> =>
  new Promise((resolve) => of.addEventListener('upload-added', resolve, { once: true }));

describe('addFiles', () => {
  it('opens handles, and puts their files on the list after the rest', async () => {
    const list = engine();
    const opened = added(list);
    assert.deepEqual(list.addFiles([handle('b.txt')]), []);
    await opened;
    assert.deepEqual(namesOf(list), ['b.txt']);
  });

  it('leaves out a handle that cannot be opened', async () => {
    const list = engine();
    const gone = { ...handle('gone.txt'), getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')) };
    const opened = added(list);
    list.addFiles([gone, handle('b.txt')]);
    await opened;
    assert.deepEqual(namesOf(list), ['b.txt']);
  });

  it('leaves out a handle that never answers, and does not hold back the others for it', async (t) => {
    const controller = new AbortController();
    t.mock.method(AbortSignal, 'timeout', () => controller.signal);
    const list = engine();
    const silent = { ...handle('silent.txt'), getFile: () => new Promise<File>(() => {}) };
    const opened = added(list);
    list.addFiles([silent, handle('b.txt')]);
    await new Promise(setImmediate);
    controller.abort(new DOMException('late', 'TimeoutError'));
    await opened;
    assert.deepEqual(namesOf(list), ['b.txt']);
  });

  for (const wrong of [{}, { name: 'x' }, { file: {} }, { file: null }, null, undefined, 'a.txt', 7, [file('a.txt')]]) {
    it(`throws a TypeError for ${JSON.stringify(wrong)}, and nothing else suffers`, () => {
      const list = engine();
      list.addFiles([file('before.txt')]);
      assert.throws(() => list.addFiles([file('a.txt'), wrong as File]), TypeError);
      assert.deepEqual(namesOf(list), ['before.txt']);
      list.addFiles([file('after.txt')]);
      assert.deepEqual(namesOf(list), ['before.txt', 'after.txt']);
    });
  }

  it('takes blobs of scripts without types, and files with a path', () => {
    const list = engine();
    list.addFiles([new Blob(['a']) as File, { file: file('c.txt'), relativePath: 'folder/c.txt' }]);
    assert.deepEqual(
      list.uploads.map(({ relativePath }) => relativePath),
      ['blob', 'folder/c.txt'],
    );
  });
});
