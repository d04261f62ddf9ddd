import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { Bench, type BenchParts, bytesOf, fileOf } from '../support/builders.js';
import { fakeHasher } from '../support/fake-ports.js';
import type { Exchange } from '../support/scripted-transport.js';

const SESSION = { upload_id: 's1', part_size: 10, parts: [] };

const urlOf = (number: number, signature: string, life = '') =>
  `https://storage.test/o/${number}?signature=${signature}${life}`;

/** Signs what was asked for. */
const sign = async (request: Exchange, signature = 'one', life = ''): Promise<number[]> => {
  const { parts } = request.json as { parts: { part_number: number; size: number }[] };
  const signed = parts.map(({ part_number }) => ({ part_number, url: urlOf(part_number, signature, life) }));
  await request.answer({ json: { parts: signed } });
  return parts.map(({ part_number }) => part_number);
};

const open = async (size: number, answer: object = {}, parts: BenchParts = {}) => {
  const bench = new Bench({ protocol: 'multipart', parallel: 1 }, parts);
  const id = bench.add(fileOf('big.bin', size));
  const { transport, clock } = bench;
  // The protocol is loaded first, which takes real turns of the loop.
  while (transport.exchanges.length === 0) await bench.settle();
  const opening = await transport.next('POST', '/uploads');
  await opening.answer({ json: { ...SESSION, ...answer } });
  return {
    ...{ bench, id, transport, clock, opening },
    nextSign: () => transport.next('POST', '/uploads/s1/sign'),
    nextPart: (number: number) => transport.next('PUT', `/o/${number}`),
    nextComplete: () => transport.next('POST', '/uploads/s1/complete'),
  };
};

/** MD5 as the worker makes it. */
const md5Hasher = {
  ...fakeHasher,
  md5: async (body: Blob) =>
    createHash('md5')
      .update(Buffer.from(await body.arrayBuffer()))
      .digest('hex'),
};

describe('multipart', () => {
  it('signs ahead, sends each part to its URL without the headers of the page, completes with the manifest', async () => {
    const { bench, id, opening, nextSign, nextPart, nextComplete } = await open(25);
    assert.deepEqual(opening.json, { filename: 'big.bin', size: 25, content_type: 'application/x-test' });
    const signing = await nextSign();
    assert.deepEqual(signing.json, {
      parts: [
        { part_number: 1, size: 10 },
        { part_number: 2, size: 10 },
        { part_number: 3, size: 5 },
      ],
    });
    await sign(signing);

    const bodies: Uint8Array[] = [];
    for (const number of [1, 2, 3]) {
      const part = await nextPart(number);
      assert.deepEqual([part.headers, part.credentials], [{}, 'omit']);
      bodies.push(await part.bytes());
      // The last one's is hidden by CORS.
      await part.answer(number === 3 ? {} : { headers: { ETag: `"etag-${number}"` } });
    }
    const completion = await nextComplete();
    assert.deepEqual(completion.json, {
      parts: [{ part_number: 1, etag: 'etag-1' }, { part_number: 2, etag: 'etag-2' }, { part_number: 3 }],
    });
    await completion.answer({ json: { file_id: 'f1' } });

    assert.deepEqual(Buffer.concat(bodies), Buffer.from(bytesOf(25)));
    assert.deepEqual([bench.upload(id).fileId, bench.upload(id).protocol], ['f1', 'multipart']);
  });

  it('uses the URLs that came with the session', async () => {
    const { nextPart } = await open(10, {
      parts: [{ part_number: 1, url: urlOf(1, 'first'), headers: { 'X-A': 'b' } }],
    });

    const part = await nextPart(1);

    assert.deepEqual([part.url.search, part.headers], ['?signature=first', { 'X-A': 'b' }]);
  });

  it('signs a refused URL anew, without a retry to see', async () => {
    const { bench, id, nextSign, nextPart } = await open(10);
    await sign(await nextSign());
    await (await nextPart(1)).answer({ status: 403, text: '<Error><Code>AccessDenied</Code></Error>' });

    await sign(await nextSign(), 'two');

    assert.equal((await nextPart(1)).url.search, '?signature=two');
    assert.deepEqual([bench.state(id), bench.upload(id).attempt], ['uploading', 1]);
  });

  it('ends with `grant-expired` when two URLs in a row are refused', async () => {
    const { bench, id, nextSign, nextPart } = await open(10);
    for (const signature of ['one', 'two']) {
      await sign(await nextSign(), signature);
      await (await nextPart(1)).answer({ status: 403 });
    }

    assert.deepEqual([bench.upload(id).error?.code, bench.upload(id).error?.partNumber], ['grant-expired', 1]);
  });

  it('signs anew what is over by its own word before it is sent', async () => {
    const { clock, nextSign, nextPart } = await open(20);
    await sign(await nextSign(), 'one', '&X-Amz-Date=20261130T000000Z&X-Amz-Expires=60');
    const first = await nextPart(1);
    await clock.advance(58_000);
    await first.answer({});

    assert.deepEqual(await sign(await nextSign(), 'two'), [2]);

    assert.equal((await nextPart(2)).url.search, '?signature=two');
  });

  it('signs anew when the storage hides that a URL has expired', async () => {
    const { bench, id, clock, nextSign, nextPart } = await open(10);
    await sign(await nextSign(), 'one', '&X-Amz-Expires=60');
    const first = await nextPart(1);
    await clock.advance(61_000);
    await first.fail('network');

    await sign(await nextSign(), 'two');
    await nextPart(1);

    assert.equal(bench.upload(id).attempt, 1);
  });

  it('takes what looks like a refusal by CORS for an expired URL first', async () => {
    const { bench, id, nextSign, nextPart } = await open(10);
    await sign(await nextSign());
    await (await nextPart(1)).fail('cors');
    await sign(await nextSign(), 'two');
    await (await nextPart(1)).fail('cors');

    assert.equal(bench.upload(id).error?.code, 'cors');
  });

  it('repeats a part that the storage was slow to get, with the same URL', async () => {
    const { clock, nextSign, nextPart } = await open(10);
    await sign(await nextSign());
    await (await nextPart(1)).answer({ status: 400, text: '<Error><Code>RequestTimeout</Code></Error>' });
    await clock.advance(30_000);

    assert.equal((await nextPart(1)).url.search, '?signature=one');
  });

  it('sends the digest of a part where the session asks for it', async () => {
    const { nextSign, nextPart } = await open(10, { checksum: 'md5' }, { hasher: md5Hasher });
    await sign(await nextSign());

    const { headers } = await nextPart(1);

    const expected = createHash('md5').update(bytesOf(10)).digest('base64');
    assert.deepEqual(headers, { 'Content-MD5': expected });
  });

  it('starts the code for digests while its own is loaded, before a session is opened', async () => {
    const requestsBefore: number[] = [];
    const md5 = (body: Blob) => {
      requestsBefore.push(bench.transport.exchanges.length);
      return md5Hasher.md5(body);
    };
    const bench = new Bench({ protocol: 'multipart' }, { hasher: { ...md5Hasher, md5 } });
    bench.add(fileOf('a.bin', 10));
    while (bench.transport.exchanges.length === 0) await bench.settle();

    assert.deepEqual(requestsBefore, [0]);
  });

  it('has the digests of the next parts ready while one is being sent', async () => {
    const digested: number[] = [];
    const hasher = {
      ...md5Hasher,
      md5: (body: Blob) => {
        digested.push(body.size);
        return md5Hasher.md5(body);
      },
    };
    const { bench, nextSign, nextPart } = await open(25, { checksum: 'md5' }, { hasher });
    await sign(await nextSign());
    const first = await nextPart(1);
    await bench.settle();
    const [, ...ofParts] = digested;
    assert.deepEqual(ofParts, [10, 10, 5]);

    await first.answer({});
    const { headers } = await nextPart(2);
    const expected = createHash('md5').update(bytesOf(25).subarray(10, 20)).digest('base64');
    assert.deepEqual([headers, digested.length], [{ 'Content-MD5': expected }, 1 + ofParts.length]);
  });

  it('has a digest signed with the URL where that is how the storage checks it', async () => {
    const { nextSign } = await open(10, { checksum: 'sha256' });

    const [part] = ((await nextSign()).json as { parts: { checksum: string }[] }).parts;

    const hex = await fakeHasher.sha256(bytesOf(10).buffer);
    assert.equal(part?.checksum, Buffer.from(String(hex), 'hex').toString('base64'));
  });

  it('sends a part once more that did not arrive as it was sent', async () => {
    const { bench, id, clock, nextSign, nextPart } = await open(10, { checksum: 'md5' }, { hasher: md5Hasher });
    await sign(await nextSign());
    await (await nextPart(1)).answer({ status: 400, text: '<Error><Code>BadDigest</Code></Error>' });
    await clock.advance(30_000);
    await (await nextPart(1)).answer({});

    assert.equal(bench.state(id), 'finishing');
  });

  it('takes a grant in the place of a session', async () => {
    const bench = new Bench({ protocol: 'multipart' });
    const id = bench.add(fileOf('small.bin', 10));
    const { transport } = bench;
    const grant = { uploadUrl: 'https://storage.test/object', fileId: 'f1' };
    while (transport.exchanges.length === 0) await bench.settle();
    await (await transport.next('POST', '/uploads')).answer({ json: grant });
    await (await transport.next('PUT', '/object')).answer({});

    assert.deepEqual([bench.upload(id).fileId, bench.upload(id).protocol], ['f1', 'multipart']);
  });

  it('ends with `protocol` when two files get one session', async () => {
    const { bench, transport } = await open(10);
    const second = bench.add(fileOf('other.bin', 10));
    await transport.next('POST', '/uploads/s1/sign');
    await (await transport.next('POST', '/uploads')).answer({ json: SESSION });

    assert.equal(bench.upload(second).error?.code, 'protocol');
  });

  it('inspects and sends what is missing when the storage refuses to complete because of a part', async () => {
    const { bench, id, transport, nextSign, nextPart, nextComplete } = await open(20);
    await sign(await nextSign());
    for (const number of [1, 2]) await (await nextPart(number)).answer({ headers: { ETag: `"e${number}"` } });
    await (await nextComplete()).answer({ status: 400, json: { error: { code: 'InvalidPart' } } });
    const first = { part_number: 1, size: 10, etag: 'e1' };
    await (await transport.next('GET', '/uploads/s1')).answer({ json: { parts: [first] } });
    await (await nextPart(2)).answer({ headers: { ETag: '"e2"' } });
    await (await transport.next('GET', '/uploads/s1')).answer({ json: { parts: [first] } });
    await (await nextComplete()).answer({ json: { file_id: 'f1' } });

    assert.equal(bench.upload(id).fileId, 'f1');
  });
});
