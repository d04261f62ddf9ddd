import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createUploadHandler,
  HttpError,
  type MultipartStorage,
  type PlannedPart,
  type StorageFactory,
  type StoredFile,
  type UploadHandlerOptions,
} from '../../../src/server/index.js';
import { authorize, refusal, SECRET, type Send, sendThrough } from '../support/scripted-upstream.js';

const OPEN = { filename: 'a.bin', size: 12, content_type: 'a/b', relative_path: 'x/a.bin' };

/** A storage in memory that is a few lines long, as another storage beside Fast.io and S3 would be. */
class ToyStorage implements MultipartStorage {
  readonly parts = new Map<number, number>();
  readonly removed: string[] = [];
  stored: { name: string; size: number; type: string } | null = null;
  aborted = 0;
  completions = 0;

  async open({ name }: { name: string }) {
    return { sessionId: `key/${name}`, partSize: 5, maxParts: 10, maxParallel: 3, isUniform: true };
  }

  async sign(_session: object, parts: readonly PlannedPart[]) {
    return parts.map(({ number, size }) => ({ number, url: `https://storage.example/${number}?size=${size}` }));
  }

  async list() {
    if (this.aborted > 0) throw new HttpError(404, 'not-found', 'gone');
    const parts = Array.from(this.parts, ([number, size]) => ({ number, size, etag: `e${number}` }));
    return this.stored === null ? { parts } : { parts: [], fileId: 'key/a.bin' };
  }

  async complete(session: { name: string; type: string }) {
    this.completions += 1;
    const size = Array.from(this.parts.values()).reduce((sum, bytes) => sum + bytes, 0);
    this.stored ??= { name: session.name, size, type: session.type };
    return 'key/a.bin';
  }

  async abort() {
    this.aborted += 1;
  }

  async find() {
    return this.stored ?? 'absent';
  }

  async remove(_target: object, fileId: string) {
    this.removed.push(fileId);
  }
}

const setUp = (options: Partial<UploadHandlerOptions> = {}) => {
  const toy = new ToyStorage();
  const stored: StoredFile[] = [];
  const storage: StorageFactory = () => ({ multipart: toy });
  const onStored = (file: StoredFile) => ({ row: stored.push(file) });
  const gateway = (more: Partial<UploadHandlerOptions> = {}): Send =>
    sendThrough(createUploadHandler({ storage, ticketSecret: SECRET, authorize, onStored, ...options, ...more }));
  return { toy, stored, gateway, send: gateway() };
};

const open = async (send: Send, json: unknown = OPEN) => (await send('POST', '/multipart', { json })).json();

const ALL = { parts: [{ part_number: 1 }, { part_number: 2, etag: '"e2"' }, { part_number: 3 }] };

describe('a storage of a few lines', () => {
  it('is offered by a storage that has it, and by no other', async () => {
    const { send } = setUp();
    const { protocols, urls } = await (await send('GET', '')).json();
    assert.deepEqual([protocols, urls], [['multipart'], { multipart: '/api/uploads/multipart' }]);
    assert.equal((await send('POST', '/presigned', { json: {} })).status, 404);
  });

  it('opens a session with the URLs of its first parts, under a ticket', async () => {
    const { send } = setUp();
    const { upload_id, expires_at, ...answer } = await open(send);
    assert.match(upload_id, /^[\w-]+\.[\w-]+$/);
    assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 24 * 3600_000) < 5000);
    assert.deepEqual(answer, {
      part_size: 5,
      max_parts: 10,
      max_parallel: 3,
      uniform_parts: true,
      parts: [
        { part_number: 1, url: 'https://storage.example/1?size=5' },
        { part_number: 2, url: 'https://storage.example/2?size=5' },
        { part_number: 3, url: 'https://storage.example/3?size=2' },
      ],
    });
  });

  it('signs parts, and none that the file does not have', async () => {
    const { send } = setUp();
    const { upload_id: id } = await open(send);
    const sign = async (...parts: object[]) => send('POST', `/multipart/${id}/sign`, { json: { parts } });
    assert.deepEqual(await (await sign({ part_number: 3, size: 2 })).json(), {
      parts: [{ part_number: 3, url: 'https://storage.example/3?size=2' }],
    });
    for (const part of [
      { part_number: 11, size: 5 },
      { part_number: 1, size: 13 },
      { part_number: '0x10', size: 1 },
      { part_number: 2 ** 53, size: 1 },
    ]) {
      const { status } = await sign(part);
      assert.ok(status === 400 || status === 413, JSON.stringify(part));
    }
    assert.equal((await sign()).status, 400);
    assert.equal((await sign(...Array(101).fill({ part_number: 1, size: 5 }))).status, 400);
  });

  it('completes what makes up the file, tells the hook once, and answers the same again', async () => {
    const { send, toy, stored, gateway } = setUp();
    const { upload_id: id } = await open(send);
    for (const [number, size] of [
      [1, 5],
      [2, 5],
      [3, 2],
    ] as const)
      toy.parts.set(number, size);
    assert.deepEqual(await (await send('GET', `/multipart/${id}`)).json(), {
      parts: [
        { part_number: 1, size: 5, etag: 'e1' },
        { part_number: 2, size: 5, etag: 'e2' },
        { part_number: 3, size: 2, etag: 'e3' },
      ],
    });
    for (let turn = 0; turn < 2; turn++) {
      const answer = await (await send('POST', `/multipart/${id}/complete`, { json: ALL })).json();
      assert.deepEqual(answer, {
        file_id: 'key/a.bin',
        name: 'a.bin',
        size: 12,
        content_type: 'a/b',
        result: { row: 1 },
      });
    }
    // Another instance that shares nothing, asked because the answer was lost.
    assert.equal((await gateway()('POST', `/multipart/${id}/complete`, { json: ALL })).status, 200);
    assert.equal(toy.completions, 1);
    assert.deepEqual([stored[0]?.protocol, stored[0]?.relativePath], ['multipart', 'x/a.bin']);
  });

  it('completes nothing that lacks a part, has one too many, or another than was listed', async () => {
    const { send, toy, stored } = setUp();
    const { upload_id: id } = await open(send);
    const complete = async (json: unknown) => refusal(await send('POST', `/multipart/${id}/complete`, { json }));
    toy.parts.set(1, 5).set(2, 5);
    assert.deepEqual(await complete(ALL), [409, 'bad-request']);
    toy.parts.set(3, 2);
    assert.deepEqual(await complete({ parts: [] }), [409, 'bad-request']);
    assert.deepEqual(await complete({ parts: ALL.parts.slice(0, 2) }), [409, 'bad-request']);
    assert.deepEqual(await complete({ parts: [{ part_number: 1, etag: 'other' }, ...ALL.parts.slice(1)] }), [
      409,
      'bad-request',
    ]);
    toy.parts.set(3, 7);
    assert.deepEqual(await complete(ALL), [409, 'bad-request']);
    assert.deepEqual([toy.completions, stored], [0, []]);
  });

  it('removes what is not what was announced', async () => {
    const { send, toy, stored } = setUp();
    const { upload_id: id } = await open(send);
    toy.stored = { name: 'a.bin', size: 12, type: 'text/html' };
    assert.deepEqual(await refusal(await send('POST', `/multipart/${id}/complete`, { json: ALL })), [
      400,
      'bad-request',
    ]);
    assert.deepEqual([toy.removed, stored], [['key/a.bin'], []]);
  });

  it('is closed to other users, and to its own once the hook says so', async () => {
    const { send, gateway, toy } = setUp();
    const { upload_id: id } = await open(send);
    const steps: [string, string, object][] = [
      ['POST', '/sign', { json: { parts: [{ part_number: 1, size: 5 }] } }],
      ['GET', '', {}],
      ['POST', '/complete', { json: ALL }],
      ['DELETE', '', {}],
    ];
    const elsewhere = gateway({ authorize: () => ({ userId: 'ann', folderId: 'other' }) });
    for (const [method, path, sent] of steps) {
      const target = `/multipart/${id}${path}`;
      assert.deepEqual(await refusal(await send(method, target, { ...sent, user: 'bob' })), [403, 'forbidden']);
      if (method === 'DELETE') continue;
      assert.deepEqual(await refusal(await elsewhere(method, target, sent)), [403, 'forbidden']);
    }
    assert.equal((await send('DELETE', `/multipart/${id}`)).status, 204);
    assert.equal(toy.aborted, 1);
    assert.deepEqual(await refusal(await send('GET', `/multipart/${id}`)), [404, 'not-found']);
  });
});
