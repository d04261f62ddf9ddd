import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createUploadHandler, type StoredFile, type UploadHandlerOptions } from '../../../src/server/index.js';
import { s3 } from '../../../src/server/s3.js';
import { ScriptedBucket } from '../support/scripted-bucket.js';

const OPEN = { filename: 'a.bin', size: 9, content_type: 'image/png' };
const MANIFEST = { parts: [{ part_number: 1 }, { part_number: 2 }] };

/** A gateway over the bucket; two of them share nothing but their options. */
const gatewayOver = (bucket: ScriptedBucket, options: Partial<UploadHandlerOptions> = {}) => {
  const handler = createUploadHandler({
    storage: s3({ endpoint: 'https://s3.example', bucket: 'photos', accessKeyId: 'AKIA', secretAccessKey: 'secret' }),
    ticketSecret: 'x'.repeat(32),
    authorize: (request) => ({ userId: request.headers.get('x-user') ?? 'ada' }),
    fetch: bucket.fetch,
    ...options,
  });
  return async (method: string, path: string, json?: unknown, user = 'ada') => {
    const headers = { 'x-user': user, ...(json !== undefined && { 'Content-Type': 'application/json' }) };
    const body = json === undefined ? null : JSON.stringify(json);
    const response = await handler(
      new Request(`http://localhost/api/uploads/multipart${path}`, { method, headers, body }),
    );
    return { status: response.status, json: response.status === 204 ? null : await response.json() };
  };
};

const begun = async (options: Partial<UploadHandlerOptions> = {}) => {
  const bucket = new ScriptedBucket();
  const send = gatewayOver(bucket, options);
  const { json } = await send('POST', '', OPEN);
  return { bucket, send, id: json.upload_id as string };
};

describe('multipart', () => {
  it('opens a session, and tells what parts may be', async () => {
    const { json } = await gatewayOver(new ScriptedBucket())('POST', '', OPEN);
    const { upload_id, expires_at, ...rules } = json;
    assert.deepEqual(rules, {
      min_part_size: 5 * 2 ** 20,
      max_part_size: 5 * 2 ** 30,
      max_parts: 10_000,
      uniform_parts: false,
      checksum: 'md5',
      parts: [],
    });
    assert.match(upload_id, /^[\w-]+\.[\w-]+$/);
    assert.ok(Date.parse(expires_at) > Date.now());
  });

  it('signs each part with its number and its length', async () => {
    const { send, id } = await begun();
    const parts = [
      { part_number: 1, size: 5 },
      { part_number: 2, size: 4 },
    ];
    // A small file has one part by its size; the storage's least size decides how many there may be.
    const { status, json } = await send('POST', `/${id}/sign`, { parts: parts.slice(0, 1) });
    assert.equal(status, 200);
    const url = new URL(json.parts[0].url);
    assert.equal(url.searchParams.get('partNumber'), '1');
    assert.match(url.searchParams.get('X-Amz-SignedHeaders') ?? '', /content-length/);
    assert.equal((await send('POST', `/${id}/sign`, { parts })).status, 400);
  });

  it('makes one file of the parts, tells the hook of it once, and answers the same again', async () => {
    const told: StoredFile[] = [];
    const { bucket, send, id } = await begun({ onStored: (file) => void told.push(file) });
    bucket.putPart(1, 'hello');
    bucket.putPart(2, ' you');
    const first = await send('POST', `/${id}/complete`, MANIFEST);
    const second = await send('POST', `/${id}/complete`, MANIFEST);
    assert.equal(first.status, 200);
    assert.deepEqual(second, first);
    assert.deepEqual(
      told.map(({ size, type, protocol }) => [size, type, protocol]),
      [[9, 'image/png', 'multipart']],
    );
    assert.deepEqual(
      [...bucket.objects.values()].map(({ bytes }) => bytes),
      ['hello you'],
    );
  });

  it('tells the hook when the answer to the completion was lost and the state is all that is asked for', async () => {
    const told: string[] = [];
    const { bucket, send, id } = await begun({
      onStored: ({ fileId }) => {
        told.push(fileId);
        return { row: 7 };
      },
    });
    bucket.putPart(1, 'hello you');
    bucket.losesNextCompletion = true;
    assert.equal((await send('POST', `/${id}/complete`, { parts: [{ part_number: 1 }] })).status, 502);
    assert.deepEqual(told, []);
    const { json } = await send('GET', `/${id}`);
    assert.deepEqual(json, { parts: [], file_id: told[0], result: { row: 7 } });
    assert.equal((await send('POST', `/${id}/complete`, { parts: [{ part_number: 1 }] })).json.file_id, told[0]);
    assert.equal(told.length, 1);
  });

  it('goes on at another instance that shares nothing but the secret', async () => {
    const { bucket, send, id } = await begun();
    bucket.putPart(1, 'hello you');
    const other = gatewayOver(bucket);
    assert.deepEqual((await other('GET', `/${id}`)).json, { parts: [{ part_number: 1, size: 9, etag: 'e1' }] });
    const { json } = await other('POST', `/${id}/complete`, { parts: [{ part_number: 1 }] });
    assert.equal((await send('POST', `/${id}/complete`, { parts: [{ part_number: 1 }] })).json.file_id, json.file_id);
  });

  it('refuses parts that are not those of the file, and leaves the session as it is', async () => {
    const { bucket, send, id } = await begun();
    bucket.putPart(1, 'hello');
    const manifests = [
      { parts: [] },
      { parts: [{ part_number: 1 }] },
      { parts: [{ part_number: 2 }] },
      { parts: [{ part_number: 1 }, { part_number: 1 }] },
      { parts: [{ part_number: 1, etag: 'other' }] },
    ];
    for (const manifest of manifests) {
      const { status, json } = await send('POST', `/${id}/complete`, manifest);
      assert.equal(status, 409, JSON.stringify(manifest));
      assert.equal(json.error.code, 'bad-request');
    }
    assert.deepEqual([bucket.objects.size, bucket.sessions.size], [0, 1]);
  });

  it('removes a file that is not what was announced', async () => {
    const { bucket, send, id } = await begun();
    bucket.putPart(1, 'hello you');
    const [session] = bucket.sessions.values();
    session?.headers.set('content-type', 'text/html');
    const { status } = await send('POST', `/${id}/complete`, { parts: [{ part_number: 1 }] });
    assert.equal(status, 400);
    assert.equal(bucket.objects.size, 0);
  });

  it('aborts the session when it is canceled, and knows it no more', async () => {
    const { bucket, send, id } = await begun();
    assert.equal((await send('DELETE', `/${id}`)).status, 204);
    assert.equal((await send('DELETE', `/${id}`)).status, 204);
    assert.equal(bucket.sessions.size, 0);
    assert.equal((await send('GET', `/${id}`)).status, 404);
  });

  it('is closed to other users, and to tickets that are none', async () => {
    const { send, id } = await begun();
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/sign'],
      ['POST', '/complete'],
      ['DELETE', ''],
    ] as const) {
      const json = method === 'POST' ? { parts: [{ part_number: 1, size: 9 }] } : undefined;
      assert.equal((await send(method, `/${id}${path}`, json, 'eve')).status, 403, `${method} ${path}`);
      assert.equal((await send(method, `/${id}x${path}`, json)).status, 404, `${method} ${path}`);
    }
  });

  const odd: readonly [path: string, json: unknown][] = [
    ['', {}],
    ['', { filename: 'a', size: -1 }],
    ['', { filename: 'a', size: '9' }],
    ['', { filename: 'a', size: 1.5 }],
    ['', []],
    ['/ID/sign', { parts: [] }],
    ['/ID/sign', { parts: [{ part_number: 0, size: 1 }] }],
    ['/ID/sign', { parts: [{ part_number: 1.5, size: 1 }] }],
    ['/ID/sign', { parts: [{ part_number: '1', size: 1 }] }],
    ['/ID/sign', { parts: [{ part_number: 1, size: -1 }] }],
    ['/ID/sign', { parts: [{ part_number: 10_001, size: 1 }] }],
    ['/ID/sign', { parts: Array.from({ length: 101 }, () => ({ part_number: 1, size: 1 })) }],
    ['/ID/complete', { parts: [{ part_number: -1 }] }],
    ['/ID/complete', { parts: 'all' }],
  ];
  for (const [path, json] of odd) {
    it(`answers 400 to ${JSON.stringify(json).slice(0, 60)} at ${path === '' ? 'the base' : path}`, async () => {
      const { send, id } = await begun();
      const { status, json: answer } = await send('POST', path.replace('ID', id), json);
      assert.equal(status, 400);
      assert.equal(answer.error.code, 'bad-request');
      assert.doesNotMatch(JSON.stringify(answer), /secret|s3\.example/);
    });
  }
});
