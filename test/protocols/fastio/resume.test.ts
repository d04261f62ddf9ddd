/** What a later page finds, protocol by hand: each `page` has only the record of the one before. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type RunningEmulator, startEmulator } from '../../../src/emulator/index.js';
import { SlotQueue } from '../../../src/engine/schedule/slot-queue.js';
import { browserClock } from '../../../src/platform/browser-clock.js';
import { browserConnectivity } from '../../../src/platform/browser-connectivity.js';
import type { UploadError } from '../../../src/ports/errors.js';
import type { Part, Protocol, Session, SessionRecord, UploadFacts } from '../../../src/ports/protocol.js';
import type { DataRequest, SendOptions, WireResponse } from '../../../src/ports/transport.js';
import { fastio } from '../../../src/protocols/fastio/fastio.js';
import { Backend } from '../../../src/protocols/shared/backend.js';
import { FetchTransport } from '../../../src/transports/fetch-transport.js';
import { fileOf, MiB, sha256Of, WORKSPACE } from './support/bench.js';

/** The whole-file checksums that chunks carried, null where there was none. */
const carried: (string | null)[] = [];

class WatchedTransport extends FetchTransport {
  override send(request: DataRequest, options: SendOptions): Promise<WireResponse> {
    carried.push(new URL(request.url).searchParams.get('file_crc32c'));
    return super.send(request, options);
  }
}

const { signal } = new AbortController();
const OPTIONS = { signal, onProgress: () => {}, onConfirmed: () => {} };

describe('fastio across pages', () => {
  let emulator: RunningEmulator;

  beforeEach(async () => {
    emulator = await startEmulator();
    carried.length = 0;
  });

  afterEach(() => emulator.close());

  const slots = new SlotQueue({ clock: browserClock });
  const page = (): Protocol =>
    fastio({
      backend: new Backend({
        transport: new WatchedTransport({ clock: browserClock, connectivity: browserConnectivity }),
        endpoint: `${emulator.url}/current`,
        credentials: 'omit',
        headers: () => ({ Authorization: `Bearer ${emulator.apiKey}` }),
        clock: browserClock,
      }),
      workspaceId: WORKSPACE,
      folderId: '',
      clock: browserClock,
      slots: () => slots,
      parallel: () => 5,
    });

  const factsOf = ({ name, size, type }: File): UploadFacts => ({
    id: name,
    name,
    size,
    type: type === '' ? 'application/octet-stream' : type,
    relativePath: name,
    lastModified: 1,
    metadata: null,
  });

  const partOf = (file: File, number: number): Part => ({
    number,
    start: (number - 1) * MiB,
    end: Math.min(number * MiB, file.size),
  });

  const send = (session: Session, file: File, number: number) => {
    const part = partOf(file, number);
    return session.sendPart(part, file.slice(part.start, part.end), OPTIONS);
  };

  /** As the store does it. */
  const kept = ({ record }: Session): SessionRecord => JSON.parse(JSON.stringify(record));

  const stored = () => emulator.files().map(({ sha256 }) => sha256);

  it('goes on from the chunks that the server holds, and still vouches for the whole file', async () => {
    const file = fileOf('a.bin', 4 * MiB + 7);
    const first = await page().open(factsOf(file), { signal });
    await send(first, file, 2);
    await send(first, file, 1);
    const second = await page().reopen(factsOf(file), 'fastio', kept(first), { signal });
    assert.deepEqual(await second.inspect({ signal, parts: [] }), [
      { number: 1, size: MiB },
      { number: 2, size: MiB },
    ]);
    const receipts = [];
    for (const number of [3, 4, 5]) receipts.push(await send(second, file, number));
    assert.deepEqual(carried.slice(0, 4), [null, null, null, null]);
    assert.match(carried[4] ?? '', /^[0-9a-f]{8}$/);
    await second.complete(receipts, { signal });
    assert.deepEqual(stored(), [await sha256Of(file)]);
  });

  it('leaves the checksum of the whole file out when that of a chunk is not known', async () => {
    const file = fileOf('a.bin', 4 * MiB);
    const first = await page().open(factsOf(file), { signal });
    for (const number of [1, 2, 3]) await send(first, file, number);
    const { crcs: _, ...record } = kept(first);
    const second = await page().reopen(factsOf(file), 'fastio', { ...record, crcs: '' }, { signal });
    const receipt = await send(second, file, 4);
    assert.deepEqual(carried, [null, null, null, null]);
    await second.complete([receipt], { signal });
    assert.deepEqual(stored(), [await sha256Of(file)]);
  });

  it('needs no file for a session that is being put together, and only waits for it', async () => {
    const file = fileOf('a.bin', 4 * MiB + 1);
    const first = await page().open(factsOf(file), { signal });
    for (const number of [1, 2, 3, 4, 5]) await send(first, file, number);
    const { uploadId } = kept(first);
    await fetch(`${emulator.url}/current/upload/${uploadId}/complete/`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${emulator.apiKey}` },
      body: new URLSearchParams(),
    });
    const second = await page().reopen(factsOf(file), 'fastio', kept(first), { signal });
    const receipts = await second.inspect({ signal, parts: [] });
    assert.deepEqual(
      receipts?.map(({ size }) => size),
      [MiB, MiB, MiB, MiB, 1],
    );
    const { fileId } = await second.complete(receipts ?? [], { signal });
    assert.equal(emulator.files()[0]?.fileId, fileId);
    assert.equal(emulator.log().filter(({ path }) => path.endsWith('/complete/')).length, 1);
  });

  it('knows a small file again that was sent but not yet stored', async () => {
    const file = fileOf('a.bin', 50);
    const first = await page().open(factsOf(file), { signal });
    await send(first, file, 1);
    const second = await page().reopen(factsOf(file), 'fastio', kept(first), { signal });
    assert.deepEqual(await second.inspect({ signal, parts: [] }), [{ number: 1, size: 50 }]);
    await second.complete([], { signal });
    assert.deepEqual(stored(), [await sha256Of(file)]);
  });

  it('waits for the lock that the page before left on the node which it replaces', async () => {
    const small = fileOf('a.bin', 10);
    const whole = await page().open(factsOf(small), { signal });
    const { fileId } = await whole.complete([await send(whole, small, 1)], { signal });
    const file = fileOf('a.bin', 5 * MiB);
    const facts = { ...factsOf(file), metadata: { fastioFileId: fileId } };
    const first = await page().open(facts, { signal });
    const second = await page().reopen(facts, 'fastio', kept(first), { signal });
    await assert.rejects(send(second, file, 1), (error: UploadError) => {
      const { code, retriable, retryAfterMs = 0 } = error;
      assert.deepEqual([code, retriable], ['locked', true]);
      assert.ok(retryAfterMs > 0 && retryAfterMs <= 120_000, String(retryAfterMs));
      return true;
    });
    await first.cancel({ signal });
  });

  it('says that a session is lost when the server has forgotten it', async () => {
    const file = fileOf('a.bin', 4 * MiB);
    const first = await page().open(factsOf(file), { signal });
    await first.cancel({ signal });
    const second = await page().reopen(factsOf(file), 'fastio', kept(first), { signal });
    await assert.rejects(second.inspect({ signal, parts: [] }), { code: 'session-lost' });
  });

  it('keeps nothing of tokens and URLs in a record', async () => {
    const session = await page().open(factsOf(fileOf('a.bin', 5 * MiB)), { signal });
    assert.deepEqual(Object.keys(kept(session)).sort(), ['crcs', 'openedAt', 'partSize', 'uploadId']);
    assert.doesNotMatch(JSON.stringify(kept(session)), new RegExp(`${emulator.apiKey}|http`));
  });
});
