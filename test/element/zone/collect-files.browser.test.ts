import { expect } from '@open-wc/testing';
import { type Collected, collectFromDrop, collectFromInput } from '../../../src/element/zone/collect-files.js';
import { fileNamed } from '../support.js';

/** A folder as browsers give it: at most 100 entries at a time. */
const folder = (path: string, children: readonly FileSystemEntry[]): FileSystemEntry => {
  const createReader = () => {
    let next = 0;
    return {
      readEntries(found: (entries: FileSystemEntry[]) => void) {
        const batch = children.slice(next, next + 100);
        next += 100;
        queueMicrotask(() => found([...batch]));
      },
    };
  };
  return { isDirectory: true, isFile: false, fullPath: path, name: path.split('/').at(-1), createReader } as never;
};

const entryOf = (path: string): FileSystemEntry => {
  const name = path.split('/').at(-1) ?? '';
  const file = (found: (file: File) => void) => found(fileNamed(name));
  return { isDirectory: false, isFile: true, fullPath: path, name, file } as never;
};

const lockedEntry = (path: string): FileSystemEntry => {
  const file = (_: unknown, failed: (error: Error) => void) => failed(new Error('NotReadableError'));
  return { isDirectory: false, isFile: true, fullPath: path, name: path.split('/').at(-1), file } as never;
};

/** What the browser hands over: entries, or files without entries. */
const drop = (items: readonly { entry?: FileSystemEntry; file?: File }[]): DataTransfer =>
  ({
    files: items.flatMap(({ file }) => file ?? []),
    items: items.map(({ entry, file }) => ({
      kind: 'file',
      webkitGetAsEntry: () => entry ?? null,
      getAsFile: () => file ?? null,
    })),
  }) as never;

const pathsOf = ({ files }: Collected): string[] =>
  files.map((input) => (input instanceof File ? input.name : (input.relativePath ?? '')));

describe('collectFromDrop', () => {
  it('reports a folder that contains no file, however deep', async () => {
    const found = await collectFromDrop(
      drop([folder('/tree', [folder('/tree/deep', [])])].map((entry) => ({ entry }))),
    );
    expect([found.files, found.empty]).to.deep.equal([[], ['tree']]);
    const half = await collectFromDrop(
      drop([folder('/tree', [folder('/tree/deep', []), entryOf('/tree/a.txt')])].map((entry) => ({ entry }))),
    );
    expect([pathsOf(half), half.empty]).to.deep.equal([['tree/a.txt'], ['tree/deep']]);
  });

  it('reads a folder past the first hundred entries, however deep', async () => {
    const deep = Array.from({ length: 250 }, (_, index) => entryOf(`/tree/deep/${index}.txt`));
    const tree = folder('/tree', [
      ...Array.from({ length: 101 }, (_, i) => entryOf(`/tree/${i}.txt`)),
      folder('/tree/deep', deep),
    ]);
    const paths = pathsOf(await collectFromDrop(drop([{ entry: tree }])));
    expect(paths).to.have.length(351);
    expect([paths[0], paths.at(-1)]).to.deep.equal(['tree/0.txt', 'tree/deep/249.txt']);
  });

  it('accepts files without entries, as scripts drop them', async () => {
    const found = await collectFromDrop(drop([{ file: fileNamed('a.txt') }, { file: fileNamed('b.txt') }]));
    expect(pathsOf(found)).to.deep.equal(['a.txt', 'b.txt']);
  });

  it('reports what it could not read and accepts the rest', async () => {
    const tree = folder('/tree', [lockedEntry('/tree/locked.txt'), entryOf('/tree/open.txt')]);
    const found = await collectFromDrop(drop([{ entry: tree }]));
    expect([pathsOf(found), found.unreadable]).to.deep.equal([['tree/open.txt'], ['tree/locked.txt']]);
  });

  it('skips files that operating systems leave behind', async () => {
    const tree = folder(
      '/tree',
      ['.DS_Store', 'Thumbs.db', 'desktop.ini', 'a.txt'].map((name) => entryOf(`/tree/${name}`)),
    );
    expect(pathsOf(await collectFromDrop(drop([{ entry: tree }])))).to.deep.equal(['tree/a.txt']);
  });

  it('reads a real drop of a script', async () => {
    const data = new DataTransfer();
    data.items.add(fileNamed('a.txt'));
    expect(pathsOf(await collectFromDrop(data))).to.deep.equal(['a.txt']);
  });
});

describe('collectFromDrop, handles', () => {
  /** A folder of the origin's private files, as entries and handle of one drop; null where there are none. */
  const droppedFolder = async (count: number) => {
    const root = await navigator.storage?.getDirectory?.().catch(() => null);
    if (!root) return null;
    const names = Array.from({ length: count }, (_, index) => `${index}.txt`);
    const handle = await root.getDirectoryHandle('tree', { create: true });
    const deep = await handle.getDirectoryHandle('deep', { create: true });
    for (const name of names) await deep.getFileHandle(name, { create: true });
    const children = names.map((name) => entryOf(`/tree/deep/${name}`));
    const entry = folder('/tree', [folder('/tree/deep', children), entryOf('/tree/unsafe.url')]);
    const item = { kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null };
    return { items: [{ ...item, getAsFileSystemHandle: async () => handle }], files: [] } as unknown as DataTransfer;
  };

  const handlesOf = ({ files }: Collected) =>
    files.map((input) => ('handle' in input ? ((input.handle as FileSystemFileHandle | null)?.name ?? null) : null));

  it('finds the handle of each file of a folder, and continues where the browser has none', async function () {
    const found = await collectFromDrop((await droppedFolder(3)) ?? this.skip());
    expect(pathsOf(found)).to.deep.equal(['tree/deep/0.txt', 'tree/deep/1.txt', 'tree/deep/2.txt', 'tree/unsafe.url']);
    expect(handlesOf(found)).to.deep.equal(['0.txt', '1.txt', '2.txt', null]);
  });

  it('collects no handles for small files of a drop of thousands', async function () {
    const found = await collectFromDrop((await droppedFolder(1_000)) ?? this.skip());
    expect(new Set(handlesOf(found))).to.deep.equal(new Set([null]));
  });

  it('collects handles during the event, and continues when the browser refuses one', async () => {
    let asked = 0;
    const item = (name: string, give: () => Promise<unknown>) => ({
      kind: 'file',
      webkitGetAsEntry: () => entryOf(`/${name}`),
      getAsFile: () => fileNamed(name),
      getAsFileSystemHandle: () => {
        asked += 1;
        return give();
      },
    });
    const handle = { kind: 'file', name: 'a.txt' };
    const items = [
      item('a.txt', async () => handle),
      item('b.txt', () => Promise.reject(new DOMException('no', 'AbortError'))),
      item('c.txt', async () => undefined),
    ];
    const collecting = collectFromDrop({ items, files: [] } as unknown as DataTransfer);
    expect(asked).to.equal(3);
    const { files } = await collecting;
    expect(files.map((input) => (input instanceof File ? input.name : input.handle))).to.deep.equal([
      handle,
      'b.txt',
      'c.txt',
    ]);
  });
});

describe('collectFromInput', () => {
  it('empties the input, so that the same file can be chosen again', () => {
    const input = document.createElement('input');
    input.type = 'file';
    const data = new DataTransfer();
    data.items.add(fileNamed('a.txt'));
    input.files = data.files;
    expect(pathsOf(collectFromInput(input))).to.deep.equal(['a.txt']);
    expect(input.files).to.have.length(0);
  });
});
