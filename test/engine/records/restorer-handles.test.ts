import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileHandle } from '../../../src/ports/source.js';
import { type Bench, fileOf } from '../../support/builders.js';
import { benchWith, file, openParts, recordOf } from './restored.js';

describe('Restorer, handles', () => {
  it('takes the file up again by itself where the browser allows it', async () => {
    const bench = await benchWith([await recordOf(file, { handle: { getFile: async () => file } })]);
    await bench.engine.restore();

    await bench.server.showParts([1, 2]);

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
    await bench.server.nextInspect();

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
