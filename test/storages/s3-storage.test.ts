/** The S3 storage, by its port, against a real S3 server: what each URL binds, and what completing and listing survive. */

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { HttpError } from '../../src/server/http/http-error.js';
import { type S3Options, s3 } from '../../src/server/s3.js';
import type { AdmittedFile, CallOptions, MultipartSession, Storage } from '../../src/server/storage/storage.js';
import { type Bucket, useRgw } from './support/bucket.js';

const MiB = 2 ** 20;

const TARGET = { workspaceId: '', folderId: 'users/7' };

const OPTIONS: CallOptions = {
  caller: { userId: 'ada', ...TARGET },
  fetch: (url, init) => fetch(url, init),
};

const fileOf = (size: number, name = 'ä b+c (1).bin', more: Partial<AdmittedFile> = {}): AdmittedFile => ({
  ...TARGET,
  name,
  size,
  type: 'image/png',
  ...more,
});

const storageOf = (bucket: Bucket, options: Partial<S3Options> = {}, grantTtlSeconds = 60) => {
  const storage: Storage = s3({ ...bucket.options, ...options })({ grantTtlSeconds, timeoutMs: 20_000 });
  const { presigned, chunked, multipart, whole, library } = storage;
  assert.ok(presigned && chunked && multipart && whole && library);
  return { presigned, chunked, multipart, whole, library };
};

type Multipart = ReturnType<typeof storageOf>['multipart'];

const begin = async (multipart: Multipart, size: number): Promise<MultipartSession> => {
  const { sessionId } = await multipart.open(fileOf(size), OPTIONS);
  return { ...TARGET, sessionId, name: 'ä b+c (1).bin', size, type: 'image/png' };
};

/** As a page would: what the URL does not ask for is not sent. */
const sendPart = async (multipart: Multipart, session: MultipartSession, number: number, bytes: Buffer) => {
  const [part] = await multipart.sign(session, [{ number, size: bytes.byteLength }], OPTIONS);
  assert.ok(part);
  const response = await fetch(part.url, { method: 'PUT', body: new Uint8Array(bytes), headers: part.headers ?? {} });
  assert.equal(response.status, 200, await response.text());
};

const rejectsWith = (status: number) => (error: unknown) => error instanceof HttpError && error.status === status;

describe('The S3 storage at a real S3 server', () => {
  const { makeBucket } = useRgw();

  it('grants a PUT that stores the bytes, the type, the name and the metadata', async () => {
    const bucket = await makeBucket();
    const { presigned } = storageOf(bucket);
    const metadata = { Album_Id: '7', title: 'Größe', tags: ['a', 'b'], blank: '' };
    const bytes = randomBytes(1000);
    const grant = await presigned.grant(fileOf(bytes.length, undefined, { metadata }), OPTIONS);
    const headers = { ...grant.headers, 'Content-Type': 'image/png' };
    const response = await fetch(grant.uploadUrl, { method: 'PUT', body: bytes, headers });
    assert.equal(response.status, 200, await response.text());
    assert.match(grant.fileId, /^users\/7\/[\w-]{36}\/ä b\+c \(1\)\.bin$/);
    assert.deepEqual(Buffer.from(await bucket.bytes(grant.fileId)), bytes);
    assert.deepEqual(await presigned.find(TARGET, grant.fileId, OPTIONS), {
      name: 'ä b+c (1).bin',
      size: 1000,
      type: 'image/png',
      digest: { algorithm: 'md5', value: createHash('md5').update(bytes).digest('hex') },
    });
    const head = await bucket.ask('HEAD', `/${grant.fileId.split('/').map(encodeURIComponent).join('/')}`);
    assert.equal(head.headers.get('x-amz-meta-album-id'), '7');
    assert.equal(head.headers.get('x-amz-meta-tags'), '["a","b"]');
    await presigned.remove(TARGET, grant.fileId, OPTIONS);
    await presigned.remove(TARGET, grant.fileId, OPTIONS);
    assert.equal(await presigned.find(TARGET, grant.fileId, OPTIONS), 'absent');
  });

  it('binds length and type: the storage refuses a body of another length and another type', async () => {
    const bucket = await makeBucket();
    const { presigned } = storageOf(bucket);
    const grant = await presigned.grant(fileOf(10), OPTIONS);
    const put = (body: string, type: string) =>
      fetch(grant.uploadUrl, { method: 'PUT', body, headers: { ...grant.headers, 'Content-Type': type } });
    assert.equal((await put('12345678901', 'image/png')).status, 403);
    assert.equal((await put('123456789', 'image/png')).status, 403);
    assert.equal((await put('1234567890', 'text/html')).status, 403);
    assert.deepEqual(await bucket.keys(), []);
    assert.equal((await put('1234567890', 'image/png')).status, 200);
  });

  it('grants a form that stores the file, and no other length, key or type', async () => {
    const bucket = await makeBucket();
    const { presigned } = storageOf(bucket, { smallFiles: 'post' });
    const { uploadUrl, fileId, method, fields = {} } = await presigned.grant(fileOf(10), OPTIONS);
    assert.equal(method, 'POST');
    const post = (body: string, changed: Record<string, string> = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value);
      form.append('file', new Blob([body], { type: 'image/png' }), 'x');
      return fetch(uploadUrl, { method: 'POST', body: form });
    };
    assert.equal((await post('12345678901')).status, 400);
    assert.equal((await post('1234567890', { key: 'other' })).status, 403);
    assert.equal((await post('1234567890', { 'Content-Type': 'text/html' })).status, 403);
    assert.deepEqual(await bucket.keys(), []);
    assert.equal((await post('1234567890')).status, 201);
    const found = await presigned.find(TARGET, fileId, OPTIONS);
    assert.ok(typeof found === 'object');
    assert.deepEqual([found.name, found.size, found.type], ['ä b+c (1).bin', 10, 'image/png']);
  });

  it('makes one object of parts that came in any order, and the same again when completed twice', async () => {
    const bucket = await makeBucket();
    const { multipart } = storageOf(bucket);
    const parts = [randomBytes(5 * MiB), randomBytes(5 * MiB), randomBytes(77)];
    const session = await begin(multipart, 10 * MiB + 77);
    for (const number of [2, 3, 1]) await sendPart(multipart, session, number, parts[number - 1] as Buffer);
    const { parts: listed } = await multipart.list(session, OPTIONS);
    assert.deepEqual(
      listed.map(({ number, size }) => [number, size]),
      [
        [1, 5 * MiB],
        [2, 5 * MiB],
        [3, 77],
      ],
    );
    const key = await multipart.complete(session, listed, OPTIONS);
    assert.deepEqual(Buffer.from(await bucket.bytes(key)), Buffer.concat(parts));
    assert.equal(await multipart.complete(session, listed, OPTIONS), key);
    assert.deepEqual(await multipart.list(session, OPTIONS), { parts: [], fileId: key });
    const found = await multipart.find(TARGET, key, OPTIONS);
    assert.deepEqual(found, { name: 'ä b+c (1).bin', size: 10 * MiB + 77, type: 'image/png' });
  });

  it('refuses a part of another length than signed, and one whose bits differ from the digest', async () => {
    const bucket = await makeBucket();
    const { multipart } = storageOf(bucket);
    const session = await begin(multipart, 100);
    const bytes = randomBytes(100);
    const checksum = createHash('md5').update(bytes).digest('base64');
    const [part] = await multipart.sign(session, [{ number: 1, size: 100, checksum }], OPTIONS);
    assert.ok(part);
    const put = (body: Buffer) =>
      fetch(part.url, { method: 'PUT', body: new Uint8Array(body), headers: part.headers ?? {} });
    assert.equal((await put(bytes.subarray(1))).status, 403);
    const flipped = Buffer.from(bytes);
    flipped[50] = (flipped[50] ?? 0) ^ 1;
    assert.equal((await put(flipped)).status, 400);
    assert.equal((await put(bytes)).status, 200);
    assert.equal((await fetch(part.url, { method: 'PUT', body: new Uint8Array(bytes) })).status, 403, 'no digest');
  });

  it('takes an empty file in one empty part', async () => {
    const bucket = await makeBucket();
    const { multipart } = storageOf(bucket);
    const session = await begin(multipart, 0);
    await sendPart(multipart, session, 1, Buffer.alloc(0));
    const { parts } = await multipart.list(session, OPTIONS);
    const key = await multipart.complete(session, parts, OPTIONS);
    assert.equal((await bucket.bytes(key)).byteLength, 0);
  });

  it('answers 409 for a part that differs, and 404 for a session that is gone', async () => {
    const bucket = await makeBucket();
    const { multipart } = storageOf(bucket);
    const session = await begin(multipart, 3);
    await sendPart(multipart, session, 1, Buffer.from('abc'));
    const wrong = [{ number: 1, size: 3, etag: 'd41d8cd98f00b204e9800998ecf8427e' }];
    await assert.rejects(multipart.complete(session, wrong, OPTIONS), rejectsWith(409));
    await multipart.abort(session, OPTIONS);
    await multipart.abort(session, OPTIONS);
    assert.deepEqual(await bucket.unfinished(), []);
    await assert.rejects(multipart.list(session, OPTIONS), rejectsWith(404));
    await assert.rejects(multipart.complete(session, wrong, OPTIONS), rejectsWith(404));
    await assert.rejects(multipart.list({ ...session, sessionId: 'x' }, OPTIONS), rejectsWith(404));
  });

  it('does not take an object of another upload for that of a session which is gone', async () => {
    const bucket = await makeBucket();
    const { multipart, presigned } = storageOf(bucket, { key: () => 'fixed.bin' });
    const session = await begin(multipart, 3);
    await sendPart(multipart, session, 1, Buffer.from('abc'));
    await multipart.abort(session, OPTIONS);
    const grant = await presigned.grant(fileOf(3), OPTIONS);
    await fetch(grant.uploadUrl, {
      method: 'PUT',
      body: 'xyz',
      headers: { ...grant.headers, 'Content-Type': 'image/png' },
    });
    assert.deepEqual(await bucket.keys(), ['fixed.bin']);
    await assert.rejects(multipart.list(session, OPTIONS), rejectsWith(404));
  });

  it('relays parts whose bytes come in pieces', async () => {
    const bucket = await makeBucket();
    const { chunked } = storageOf(bucket);
    const { uploadId } = await chunked.open(fileOf(5 * MiB + 5), OPTIONS);
    const whole = randomBytes(5 * MiB + 5);
    const pieces = async function* (from: number, to: number) {
      for (let at = from; at < to; at += MiB / 2) yield new Uint8Array(whole.subarray(at, Math.min(to, at + MiB / 2)));
    };
    const send = (number: number, from: number, to: number) =>
      chunked.sendPart(uploadId, { number, bytes: pieces(from, to), length: to - from }, OPTIONS);
    const [second, first] = [await send(2, 5 * MiB, 5 * MiB + 5), await send(1, 0, 5 * MiB)];
    const manifest = {
      parts: [
        { part_number: 1, etag: first.etag },
        { part_number: 2, etag: second.etag },
      ],
    };
    const key = await chunked.complete(uploadId, manifest, OPTIONS);
    assert.deepEqual(Buffer.from(await bucket.bytes(key)), whole);
    assert.equal(await chunked.complete(uploadId, manifest, OPTIONS), key);
  });

  it('ends a relayed part whose bytes fail with their failure, and stores nothing of it', async () => {
    const bucket = await makeBucket();
    const { chunked } = storageOf(bucket);
    const { uploadId } = await chunked.open(fileOf(2 * MiB), OPTIONS);
    const broken = async function* () {
      yield new Uint8Array(MiB);
      throw new HttpError(413, 'too-large', 'too many bytes');
    };
    const sent = chunked.sendPart(uploadId, { number: 1, bytes: broken(), length: 2 * MiB }, OPTIONS);
    await assert.rejects(sent, rejectsWith(413));
    assert.deepEqual((await chunked.inspect(uploadId, OPTIONS)).parts, []);
    await chunked.cancel(uploadId, OPTIONS);
  });

  for (const size of [0, 3, 8 * MiB, 8 * MiB + 1, 20 * MiB]) {
    it(`stores a form's file of ${size} bytes whose size is not known beforehand`, async () => {
      const bucket = await makeBucket();
      const { whole } = storageOf(bucket);
      const bytes = randomBytes(size);
      const pieces = async function* () {
        for (let at = 0; at < size; at += 70_001) yield new Uint8Array(bytes.subarray(at, at + 70_001));
      };
      const { size: _, ...file } = fileOf(size);
      const stored = await whole.store(file, pieces(), OPTIONS);
      assert.equal(stored.size, size);
      assert.deepEqual(Buffer.from(await bucket.bytes(stored.fileId)), bytes);
      assert.deepEqual(await bucket.unfinished(), []);
    });
  }

  it('leaves nothing behind of a form whose bytes fail', async () => {
    const bucket = await makeBucket();
    const { whole } = storageOf(bucket);
    const broken = async function* () {
      for (let piece = 0; piece < 20; piece++) yield new Uint8Array(MiB);
      throw new HttpError(413, 'too-large', 'too many bytes');
    };
    const { size: _, ...file } = fileOf(0);
    await assert.rejects(whole.store(file, broken(), OPTIONS), rejectsWith(413));
    assert.deepEqual([await bucket.keys(), await bucket.unfinished()], [[], []]);
  });

  it('lists the files of a target in pages, and opens one as a download', async () => {
    const bucket = await makeBucket();
    const { presigned, library } = storageOf(bucket);
    for (const name of ['one & two.txt', 'ä b+c (1).txt']) {
      const { uploadUrl, headers } = await presigned.grant(fileOf(3, name), OPTIONS);
      await fetch(uploadUrl, { method: 'PUT', body: 'abc', headers: { ...headers, 'Content-Type': 'image/png' } });
    }
    const { files, next } = await library.list(TARGET, null, OPTIONS);
    assert.deepEqual(files.map(({ name, size }) => [name, size]).sort(), [
      ['one & two.txt', 3],
      ['ä b+c (1).txt', 3],
    ]);
    assert.equal(next, undefined);
    assert.deepEqual((await library.list({ ...TARGET, folderId: 'users/8' }, null, OPTIONS)).files, []);
    const file = files.find(({ name }) => name.startsWith('ä'));
    assert.ok(file);
    const opened = await library.open(TARGET, file.fileId, OPTIONS);
    assert.equal(opened.status, 302);
    const response = await fetch(opened.headers.get('location') ?? '');
    assert.equal(await response.text(), 'abc');
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment;.*%C3%A4%20b%2Bc/);
    await assert.rejects(library.open({ ...TARGET, folderId: 'users/8' }, file.fileId, OPTIONS), rejectsWith(404));
  });

  it('says in the log, and not to the browser, that the secret is wrong', async () => {
    const bucket = await makeBucket();
    const { multipart } = storageOf(bucket, { secretAccessKey: 'another-secret' });
    await assert.rejects(multipart.open(fileOf(3), OPTIONS), (error: unknown) => {
      assert.ok(error instanceof HttpError);
      assert.equal(error.status, 502);
      assert.doesNotMatch(JSON.stringify(error.toBody()), /secret|signature|127\.0\.0\.1/i);
      assert.match(String(error.cause), /SignatureDoesNotMatch/);
      return true;
    });
  });
});
