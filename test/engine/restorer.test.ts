import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileHandle } from '../../src/ports/source.js';
import type { UploadRecord } from '../../src/ports/store.js';
import type { EngineOptions } from '../../src/preset.js';
import { MemoryStore } from '../../src/stores/memory-store.js';
import { Bench, type BenchParts, bytesOf, ENDPOINT, fileOf } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeChannelHub, FakeLockManager, fakeHasher } from '../support/fake-ports.js';

const SCOPE = `${ENDPOINT} `;

let counter = 0;

/** A record as an earlier page left it: two of three parts are confirmed. */
const recordOf = async (file: File, changes: Partial<UploadRecord> = {}): Promise<UploadRecord> => ({
  id: `restored-${++counter}`,
  scope: SCOPE,
  name: file.name,
  size: file.size,
  type: file.type,
  lastModified: file.lastModified,
  relativePath: file.name,
  fingerprint: await fakeHasher.sha256(await file.arrayBuffer()),
  handle: null,
  protocol: 'chunked',
  session: { uploadId: 's1', maxParallel: null },
  partSize: 10,
  receipts: [1, 2].map((number) => ({ number, size: 10, etag: `etag-${number}` })),
  pausedByUser: false,
  createdAt: 1,
  updatedAt: 1,
  expiresAt: Number.MAX_SAFE_INTEGER,
  ...changes,
});

const benchWith = async (
  records: readonly UploadRecord[],
  options: Partial<EngineOptions> = {},
  parts: BenchParts = {},
): Promise<Bench> => {
  const clock = new FakeClock();
  const store = new MemoryStore({ wallNow: () => clock.wallNow() });
  // As a database gives them back: objects with functions would not survive a clone.
  await store.put(records.map((record) => ({ ...record, handle: null })));
  const load = async (scope: string) => (await store.load(scope)).map((found) => withHandle(found, records));
  const get = async (id: string) => {
    const found = await store.get(id);
    return found && withHandle(found, records);
  };
  const put = (changed: readonly UploadRecord[]) => store.put(changed.map((record) => ({ ...record, handle: null })));
  const bridge = { load, get, put, delete: (id: string) => store.delete(id) };
  return new Bench({ protocol: 'chunked', ...options }, { store: bridge, clock, ...parts });
};

const withHandle = (found: UploadRecord, records: readonly UploadRecord[]): UploadRecord => ({
  ...found,
  handle: records.find(({ id }) => id === found.id)?.handle ?? null,
});

const file = fileOf('big.bin', 30);
const allParts = [1, 2, 3].map((number) => ({ number, size: 10, etag: `etag-${number}` }));
const serverHas = (numbers: readonly number[]) => ({
  json: { upload_id: 's1', parts: numbers.map((n) => ({ part_number: n, size: 10, etag: `etag-${n}` })) },
});

const openParts = ({ transport }: Bench): number[] =>
  transport.open.flatMap(({ method, partNumber }) => (method === 'PUT' ? [partNumber] : []));

describe('Restorer, files', () => {
  it('puts each upload on the list once, however often it is asked', async () => {
    const bench = await benchWith([await recordOf(file)]);

    const answers = await Promise.all([bench.engine.restore(), bench.engine.restore()]);

    assert.equal(answers.flat().length, 1);
    assert.equal(bench.engine.uploads.length, 1);
  });

  it('shows what an earlier page confirmed, tells of it before it goes on, and waits for the file', async () => {
    const bench = await benchWith([await recordOf(file)]);

    const [upload] = await bench.engine.restore();

    assert.deepEqual(bench.events.names().slice(0, 1), ['uploads-restored']);
    assert.deepEqual(
      [upload?.state, upload?.reason, upload?.confirmedBytes, upload?.parts, upload?.protocol],
      ['paused', 'needs-file', 20, { total: 3, confirmed: 2 }, 'chunked'],
    );
    await bench.transport.quiet();
  });

  it('goes on from the confirmed parts when the same file is chosen again, whatever its date', async () => {
    const record = await recordOf(file);
    const bench = await benchWith([record]);
    await bench.engine.restore();

    bench.add(fileOf('big.bin', 30, { lastModified: 5 }));
    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 2]));

    assert.deepEqual(openParts(bench), [3]);
    assert.equal(bench.engine.uploads.length, 1);
    assert.deepEqual(await bench.transport.open[0]?.bytes(), bytesOf(30).slice(20));
  });

  it('takes a file of the same name and size but other content as another upload', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [restored] = await bench.engine.restore();

    bench.engine.addFiles([{ file: fileOf('big.bin', bytesOf(30, 99)), relativePath: 'folder/big.bin' }]);
    await bench.transport.next('POST', '/uploads/init');

    assert.deepEqual(
      bench.engine.uploads.map(({ state, relativePath }) => [state, relativePath]),
      [
        ['paused', 'big.bin'],
        ['preparing', 'folder/big.bin'],
      ],
    );
    assert.equal(await bench.engine.reattach(restored?.id ?? '', fileOf('big.bin', bytesOf(30, 99))), false);
  });

  it('does so even where path, size and date are those of the upload that waits', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();

    bench.engine.addFiles([fileOf('big.bin', bytesOf(30, 99), { lastModified: file.lastModified })]);
    await bench.transport.next('POST', '/uploads/init');

    assert.deepEqual(
      bench.engine.uploads.map(({ state }) => state),
      ['paused', 'preparing'],
    );
    assert.deepEqual(bench.events.of('upload-rejected'), []);
  });

  it('lets it take the place of the upload that waits when it is to replace all', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();

    bench.engine.replaceAll(fileOf('big.bin', bytesOf(30, 99)));
    await (await bench.transport.next('DELETE', '/uploads/s1')).answer({});
    await bench.transport.next('POST', '/uploads/init');

    assert.deepEqual(
      bench.engine.uploads.map(({ state }) => state),
      ['preparing'],
    );
  });

  it('lets the file that an upload waits for go on there, also when it is to replace all', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [restored] = await bench.engine.restore();
    bench.add(fileOf('other.txt'));

    bench.engine.replaceAll(file);
    await bench.transport.next('GET', '/uploads/s1');

    assert.deepEqual(
      bench.engine.uploads.map(({ id }) => id),
      [restored?.id],
    );
  });

  it('gives each of two equal names in different folders its own file', async () => {
    const [one, two] = [fileOf('a.bin', bytesOf(30, 1)), fileOf('a.bin', bytesOf(30, 2))];
    const bench = await benchWith([
      await recordOf(one, { relativePath: 'one/a.bin', createdAt: 1 }),
      await recordOf(two, { relativePath: 'two/a.bin', createdAt: 2 }),
    ]);
    await bench.engine.restore();

    bench.engine.addFiles([
      { file: two, relativePath: 'two/a.bin' },
      { file: one, relativePath: 'one/a.bin' },
    ]);
    await bench.settle();

    assert.equal(bench.engine.uploads.length, 2);
    assert.deepEqual(
      bench.engine.uploads.map(({ relativePath, state }) => [relativePath, state]),
      [
        ['one/a.bin', 'preparing'],
        ['two/a.bin', 'preparing'],
      ],
    );
  });

  it('finishes without the file when every byte is on the server', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: allParts })]);
    const [upload] = await bench.engine.restore();
    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 2, 3]));
    await (await bench.transport.next('POST', '/uploads/s1/complete')).answer({ json: { file_id: 'f1' } });

    assert.equal(bench.upload(upload?.id ?? '').fileId, 'f1');
  });

  it('asks for the file after all when the server no longer has every byte', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: allParts })]);
    const [upload] = await bench.engine.restore();

    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 3]));

    assert.equal(bench.state(upload?.id ?? ''), 'paused needs-file');
    bench.add(fileOf('big.bin', 30));
    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 3]));
    assert.deepEqual(openParts(bench), [2]);
  });

  it('confirms a stored file that an earlier page could not confirm', async () => {
    const record = await recordOf(file, {
      protocol: 'presigned',
      session: { storedAs: 'file-7' },
      partSize: 30,
      receipts: [{ number: 1, size: 30 }],
    });
    const bench = await benchWith([record], { protocol: 'presigned', confirmEndpoint: 'https://app.test/confirm' });
    const [upload] = await bench.engine.restore();

    await (await bench.transport.next('POST', '/confirm')).answer({ json: { ok: true } });

    assert.equal(bench.upload(upload?.id ?? '').fileId, 'file-7');
  });

  it('lets the user pause and resume one that needs no file', async () => {
    const bench = await benchWith([await recordOf(file, { receipts: allParts })]);
    const [upload] = await bench.engine.restore();
    bench.engine.pause(upload?.id);
    bench.engine.resume(upload?.id);

    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 2, 3]));

    await bench.transport.next('POST', '/uploads/s1/complete');
  });

  it('begins anew when the session is gone, and says so', async () => {
    const bench = await benchWith([await recordOf(file)]);
    await bench.engine.restore();
    bench.add(fileOf('big.bin', 30));

    await (await bench.transport.next('GET', '/uploads/s1')).answer({ status: 404 });

    assert.equal(bench.events.of('upload-retry')[0]?.error.code, 'session-lost');
    await (await bench.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's2', part_size: 15 } });
    assert.equal(bench.transport.open.length, 2);
  });

  it('releases the session of a restored upload that the user cancels', async () => {
    const bench = await benchWith([await recordOf(file)]);
    const [upload] = await bench.engine.restore();

    bench.engine.cancel(upload?.id);

    await bench.transport.next('DELETE', '/uploads/s1');
    assert.deepEqual(await bench.store.load(SCOPE), []);
  });

  it('leaves records of another backend and another list alone', async () => {
    const bench = await benchWith([await recordOf(file, { scope: 'https://other.test/uploads ' })]);

    assert.deepEqual(await bench.engine.restore(), []);
    assert.deepEqual(bench.events.all, []);
  });

  it('keeps the order in which the uploads were added', async () => {
    const records = await Promise.all([3, 1, 2].map((n) => recordOf(fileOf(`${n}.bin`, 30), { createdAt: n })));
    const bench = await benchWith(records);
    await bench.engine.restore();
    bench.engine.addFiles([1, 2, 3].map((n) => fileOf(`${n}.bin`, 30)));
    await bench.clock.advance(1_000);

    const stored = await bench.store.load(SCOPE);

    assert.deepEqual(
      bench.engine.uploads.map(({ name }) => name),
      ['1.bin', '2.bin', '3.bin'],
    );
    assert.deepEqual(
      stored.map(({ name, createdAt }) => `${createdAt}.bin` === name),
      [true, true, true],
    );
  });
});

describe('Restorer, stored files', () => {
  const stored = {
    fileId: 'f1',
    name: 'a.txt',
    size: 10,
    type: 'text/plain',
    lastModified: 5,
    relativePath: 'in/a.txt',
  };

  it('puts them on the list as done, without a request or an event of an upload', async () => {
    const bench = new Bench({ protocol: 'presigned', maxFiles: 1 });
    bench.engine.restoreStored([stored]);
    await bench.transport.quiet();

    const [{ state, fileId, ratio, relativePath, confirmedBytes } = {}] = bench.engine.uploads;
    assert.deepEqual([state, fileId, ratio, relativePath, confirmedBytes], ['done', 'f1', 1, 'in/a.txt', 10]);
    assert.equal(bench.engine.progress.ratio, 1);
    assert.deepEqual(bench.events.all, []);
  });

  it('counts them against the limits, knows them again, and lets go of them', () => {
    const bench = new Bench({ protocol: 'presigned', autoStart: false, maxFiles: 1 });
    bench.engine.restoreStored([stored]);

    const same = { file: fileOf('a.txt', 10, { lastModified: 5 }), relativePath: 'in/a.txt' };
    bench.engine.addFiles([same, fileOf('b.txt')]);
    assert.deepEqual(
      bench.events.of('upload-rejected').map(({ code }) => code),
      ['rejected-duplicate', 'rejected-count'],
    );
    bench.engine.clear();
    assert.deepEqual(bench.engine.uploads, []);
  });
});

describe('Restorer, handles', () => {
  it('takes the file up again by itself where the browser allows it', async () => {
    const bench = await benchWith([await recordOf(file, { handle: { getFile: async () => file } })]);
    await bench.engine.restore();

    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 2]));

    assert.deepEqual(openParts(bench), [3]);
  });

  it('asks for permission only when the user resumes', async () => {
    let asked = 0;
    const handle = {
      getFile: async () => file,
      queryPermission: async (): Promise<PermissionState> => 'prompt',
      requestPermission: async (): Promise<PermissionState> => {
        asked += 1;
        return 'granted';
      },
    };
    const bench = await benchWith([await recordOf(file, { handle })]);
    const [upload] = await bench.engine.restore();
    assert.deepEqual([upload?.reason, asked], ['needs-permission', 0]);

    bench.engine.resume(upload?.id);
    await bench.transport.next('GET', '/uploads/s1');

    assert.equal(asked, 1);
  });

  /** Handles of several files, and what the user was asked in which order. */
  const askingHandles = (answers: readonly (PermissionState | 'SecurityError')[]) => {
    const asked: string[] = [];
    const handles = answers.map((answer, index) => ({
      getFile: async () => fileOf(`${index}.bin`, 30),
      queryPermission: async (): Promise<PermissionState> => 'prompt',
      requestPermission: async (): Promise<PermissionState> => {
        asked.push(`${index}.bin`);
        if (answer === 'SecurityError') throw new DOMException('no click', answer);
        return answer;
      },
    }));
    return { asked, handles };
  };

  const restoredWith = async (handles: readonly FileHandle[]): Promise<Bench> => {
    const made = handles.map((handle, index) =>
      recordOf(fileOf(`${index}.bin`, 30), { handle, createdAt: index, session: { uploadId: `s${index}` } }),
    );
    const bench = await benchWith(await Promise.all(made));
    await bench.engine.restore();
    return bench;
  };

  const reasons = ({ engine }: Bench) => engine.uploads.map(({ state, reason }) => reason ?? state);

  it('asks for all files with one act, one after the other', async () => {
    const { asked, handles } = askingHandles(['granted', 'granted', 'granted']);
    const bench = await restoredWith(handles);

    bench.engine.resume();
    await bench.settle();

    assert.deepEqual(asked, ['0.bin', '1.bin', '2.bin']);
    assert.deepEqual(reasons(bench), ['preparing', 'preparing', 'preparing']);
  });

  it('does not ask for what an answer before has opened as well', async () => {
    const { asked, handles } = askingHandles(['granted', 'granted']);
    const [first, second] = handles;
    const opened = { ...second, queryPermission: async () => (asked.length > 0 ? 'granted' : 'prompt') };
    const bench = await restoredWith([first, opened] as FileHandle[]);

    bench.engine.resume();
    await bench.settle();

    assert.deepEqual(asked, ['0.bin']);
    assert.deepEqual(reasons(bench), ['preparing', 'preparing']);
  });

  it('stops asking at the first no, and asks for that file to be chosen', async () => {
    const { asked, handles } = askingHandles(['granted', 'prompt', 'granted']);
    const bench = await restoredWith(handles);

    bench.engine.resume();
    await bench.settle();

    assert.deepEqual(asked, ['0.bin', '1.bin']);
    assert.deepEqual(reasons(bench), ['preparing', 'needs-file', 'needs-permission']);
  });

  it('goes on waiting for permission where the browser does not ask without a click', async () => {
    const { handles } = askingHandles(['SecurityError']);
    const bench = await restoredWith(handles);
    bench.events.clear();

    bench.engine.resume();
    await bench.settle();

    assert.deepEqual(reasons(bench), ['needs-permission']);
    assert.deepEqual(bench.events.names(), []);
  });

  it('keeps the handle of a file that was chosen again', async () => {
    const record = await recordOf(file);
    const bench = await benchWith([record]);
    await bench.engine.restore();
    const [lost] = bench.engine.uploads;
    const kept: unknown[] = [];
    const { put } = bench.store;
    bench.store.put = (records) => {
      kept.push(...records.map(({ handle }) => handle));
      return put(records);
    };
    const handle = { getFile: async () => file };

    assert.equal(await bench.engine.reattach(lost?.id ?? '', { file, handle }), true);
    await bench.clock.advance(1_000);

    assert.deepEqual(kept, [handle]);
  });

  it('does not start what the user had paused', async () => {
    const handle = { getFile: async () => file };
    const bench = await benchWith([await recordOf(file, { handle, pausedByUser: true })]);

    const [upload] = await bench.engine.restore();

    assert.deepEqual([upload?.state, upload?.reason], ['paused', 'user']);
    await bench.transport.quiet();
  });
});

describe('Restorer, other tabs', () => {
  /** Another tab holds the lock of a record that this one restores. */
  const elsewhere = async (changes: Partial<UploadRecord> = {}) => {
    const locks = new FakeLockManager();
    const other = locks.tab();
    const channels = new FakeChannelHub();
    const heard: unknown[] = [];
    const channel = channels.tab();
    channel.listen((message) => heard.push(message), { signal: new AbortController().signal });
    const record = await recordOf(file, changes);
    await other.tryHold(`fastio-upload:${record.id}`);
    const bench = await benchWith([record], {}, { locks: locks.tab(), channel: channels.tab() });
    await bench.engine.restore();
    await bench.settle();
    return { bench, id: record.id, locks, other, channel, heard };
  };

  it('shows an upload that another tab drives, and touches neither record nor server', async () => {
    const { bench, id } = await elsewhere({ receipts: allParts });

    assert.equal(bench.state(id), 'waiting other-tab');
    await bench.clock.advance(60_000);

    await bench.transport.quiet();
    assert.equal((await bench.store.load(SCOPE)).length, 1);
  });

  it('takes over when the other tab dies, from the record as it is then', async () => {
    const { bench, id, other } = await elsewhere();
    await bench.store.put([{ ...(await recordOf(file)), id, receipts: allParts }]);

    other.die();
    await (await bench.transport.next('GET', '/uploads/s1')).answer(serverHas([1, 2, 3]));

    await bench.transport.next('POST', '/uploads/s1/complete');
  });

  it('goes on with a file that was chosen here while the other tab had the upload', async () => {
    const { bench, id, other } = await elsewhere();
    assert.equal(bench.add(fileOf('big.bin', 30)), id);
    await bench.settle();
    assert.equal(bench.state(id), 'waiting other-tab');

    other.die();

    await bench.transport.next('GET', '/uploads/s1');
  });

  it('leaves the list when the other tab finishes it', async () => {
    const { bench, id, other, locks } = await elsewhere();
    await bench.store.delete(id);

    other.die();
    await bench.settle();

    assert.deepEqual(bench.engine.uploads, []);
    assert.deepEqual(bench.events.names(id), ['upload-removed']);
    assert.deepEqual(locks.held, []);
  });

  it('stops waiting for the other tab when it is removed here, and asks nothing of that tab', async () => {
    const { bench, id, heard, locks } = await elsewhere();
    heard.length = 0;

    bench.engine.remove(id);
    await bench.settle();

    assert.equal(locks.waiting, 0);
    assert.deepEqual(heard, []);
    assert.equal((await bench.store.load(SCOPE)).length, 1);
  });

  it('asks the tab that drives it to pause or cancel it', async () => {
    const { bench, id, heard } = await elsewhere();
    heard.length = 0;

    bench.engine.pause(id);
    bench.engine.cancel(id);
    await bench.settle();

    assert.deepEqual(heard, [
      { type: 'pause', id },
      { type: 'cancel', id },
    ]);
    assert.equal(bench.state(id), 'waiting other-tab');
  });
});

describe('RecordKeeper', () => {
  const failOnce = async (bench: Bench): Promise<string> => {
    const id = bench.add(fileOf('a.txt', 20));
    await (await bench.transport.next('POST', '/uploads/init')).answer({ status: 413 });
    return id;
  };

  it('holds the lock of an upload while it is not over, and only then', async () => {
    const locks = new FakeLockManager();
    const bench = new Bench({ protocol: 'chunked' }, { locks: locks.tab() });
    const id = await failOnce(bench);
    await bench.clock.advance(1_000);
    assert.deepEqual(locks.held, []);

    bench.engine.retry(id);
    await bench.transport.next('POST', '/uploads/init');

    assert.deepEqual(locks.held, [`fastio-upload:${id}`]);
  });

  it('keeps lock and record of an upload that is retried while its record is being deleted', async () => {
    const locks = new FakeLockManager();
    const bench = new Bench({ protocol: 'chunked' }, { locks: locks.tab() });
    bench.engine.addEventListener('upload-failed', ({ detail }) => bench.engine.retry(detail.upload.id), {
      once: true,
    });
    const id = await failOnce(bench);
    await (await bench.transport.next('POST', '/uploads/init')).answer({ json: { upload_id: 's1', part_size: 10 } });
    await bench.clock.advance(1_000);

    assert.deepEqual(locks.held, [`fastio-upload:${id}`]);
    assert.deepEqual(
      (await bench.store.load(SCOPE)).map((record) => record.id),
      [id],
    );
  });

  it('forgets a canceled upload at once, even while others are being written', async () => {
    const bench = new Bench({ protocol: 'chunked', autoStart: false });
    const [first, second] = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    await bench.clock.advance(1_000);
    bench.engine.pause(second);

    bench.engine.cancel(first);
    await bench.settle();

    assert.deepEqual(
      (await bench.store.load(SCOPE)).map(({ id }) => id),
      [second],
    );
  });

  it('frees the lock of an upload that was canceled while it was being claimed', async () => {
    const locks = new FakeLockManager();
    const { hold, tryHold, isHeldHere } = locks.tab();
    let give = () => {};
    const slow = new Promise<void>((resolve) => {
      give = resolve;
    });
    const late = { hold, isHeldHere, tryHold: async (name: string) => slow.then(() => tryHold(name)) };
    const bench = new Bench({ protocol: 'chunked' }, { locks: late });
    const id = bench.add(fileOf('a.txt'));
    bench.engine.cancel(id);
    await bench.settle();

    give();
    await bench.settle();

    assert.deepEqual(locks.held, []);
  });

  it('writes neither bytes nor secrets', async () => {
    const bench = new Bench({ protocol: 'presigned', headers: { Authorization: 'Bearer sesame' } });
    bench.add(fileOf('a.txt', 'the content of the file'));
    await (await bench.transport.next('POST', '/uploads')).answer({
      json: {
        uploadUrl: 'https://storage.test/object?signature=sesame',
        fileId: 'f',
        headers: { 'x-token': 'sesame' },
      },
    });
    await bench.clock.advance(1_000);

    const written = JSON.stringify([await bench.store.load(SCOPE), bench.events.all]);

    assert.ok(written.includes('a.txt'));
    assert.doesNotMatch(written, /sesame|signature|the content|storage\.test/);
  });
});
