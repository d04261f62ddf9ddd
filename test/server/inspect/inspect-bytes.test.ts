import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkSignatures, type InspectBytes, inspectAll, RefusedBytes, sha256 } from '../../../src/server/index.js';
import { inspected } from '../../../src/server/inspect/inspect-bytes.js';
import { asMultipart, CHUNK, chunk, currentUpstream, fastioOver, openUp, SESSION } from '../routes/fastio/support.js';
import { SESSION as CHUNKED, gatewayOver, refusal, workingUpstream } from '../support/scripted-upstream.js';

const CALLER = { userId: 'ann', workspaceId: 'ws_1', folderId: 'root', limits: {}, mayReplace: () => false };
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array(40).fill(7)]);

/** The bytes in pieces, through the inspection. */
const pass = async (bytes: Uint8Array, file: Parameters<InspectBytes>[0], inspect: InspectBytes, piece = 3) => {
  const source = (async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  })();
  const passed: Uint8Array[] = [];
  for await (const part of inspected(source, file, CALLER, inspect)) passed.push(part);
  return Buffer.concat(passed);
};

describe('checkSignatures', () => {
  const inspect = checkSignatures();

  it('lets pass what is what it says, whole and unchanged, wherever its pieces end', async () => {
    for (const piece of [1, 3, 16, 1000]) {
      assert.deepEqual(await pass(PNG, { name: 'a.png', type: 'image/png' }, inspect, piece), PNG);
    }
  });

  it('lets pass types that have no signature, empty files and parts but the first', async () => {
    const text = Buffer.from('hello');
    assert.deepEqual(await pass(text, { name: 'a.txt', type: 'text/plain' }, inspect), text);
    assert.equal((await pass(Buffer.alloc(0), { name: 'a.png', type: 'image/png' }, inspect)).length, 0);
    assert.deepEqual(await pass(text, { name: 'a.png', type: 'image/png', partNumber: 2 }, inspect), text);
  });

  const lies: [string, string, Uint8Array][] = [
    ['a page that says it is a picture', 'image/png', Buffer.from('<html><script>alert(1)</script></html>')],
    ['a picture of another kind', 'image/gif', PNG],
    ['something shorter than any signature', 'image/png', PNG.subarray(0, 4)],
  ];
  for (const [what, type, bytes] of lies) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(pass(bytes, { name: 'a', type }, inspect), { status: 415, code: 'type-not-allowed' });
    });
  }

  it('holds the ending of the name against the bytes too', async () => {
    const html = Buffer.from('<!doctype html><p>long enough to be judged');
    await assert.rejects(pass(html, { name: 'a.PNG', type: 'text/html' }, inspect), { status: 415 });
  });
});

describe('sha256', () => {
  it('tells the digest of what passed, and which body it was', async () => {
    const told: unknown[] = [];
    const file = { name: 'a', type: 'a/b', partNumber: 3 };
    await pass(
      PNG,
      file,
      sha256((digest, { partNumber }, { userId }) => void told.push(digest, partNumber, userId)),
    );
    assert.deepEqual(told, [createHash('sha256').update(PNG).digest('hex'), 3, 'ann']);
  });

  it('goes together with other inspections, each of which may have nothing to say', async () => {
    const digests: string[] = [];
    const inspect = inspectAll(
      checkSignatures(),
      sha256((digest) => void digests.push(digest)),
      () => null,
    );
    assert.deepEqual(await pass(PNG, { name: 'a.png', type: 'image/png' }, inspect), PNG);
    await assert.rejects(pass(Buffer.from('<html>'.repeat(9)), { name: 'a.png', type: 'image/png' }, inspect), {
      status: 415,
    });
    assert.equal(digests.length, 1);
    assert.deepEqual(await pass(PNG, { name: 'a', type: 'a/b' }, inspectAll()), PNG);
  });
});

describe('inspectBytes', () => {
  const refuse: InspectBytes = () =>
    new TransformStream({
      transform() {
        throw new RefusedBytes('Not this one.');
      },
    });

  it('refuses a part, a chunk, a small file and a batch in words for people', async () => {
    const upstream = workingUpstream();
    const chunked = gatewayOver(upstream, { inspectBytes: refuse });
    const json = { filename: 'a', total_size: 9 };
    const { upload_id: id } = await (await chunked('POST', '/chunked/init', { json })).json();
    const headers = { 'Fastio-Part-Number': '1' };
    const answer = await chunked('PUT', `/chunked/${id}/parts`, { body: '12345', headers });
    assert.deepEqual((await answer.json()).error, {
      code: 'type-not-allowed',
      message: 'Not this one.',
      userMessage: 'Not this one.',
    });
    assert.equal(upstream.asked(`PUT ${CHUNKED}/parts`).length, 0);

    const send = fastioOver(currentUpstream(), { inspectBytes: refuse });
    const session = await openUp(send);
    const bodies: [string, object][] = [
      [`/current/upload/${session}/chunk/${CHUNK}`, chunk()],
      ['/current/upload/', asMultipart({ name: 'a', size: '3' }, { chunk: new Blob(['123']) })],
      [
        '/current/upload/batch/',
        asMultipart({ manifest: JSON.stringify([{ index: 0, filename: 'a' }]) }, { file_0: new Blob(['123']) }),
      ],
    ];
    for (const [path, body] of bodies) {
      assert.deepEqual(await refusal(await send('POST', path, body)), [415, 'type-not-allowed'], path);
    }
  });

  const throwing = (error: unknown): InspectBytes => {
    const transform = (): never => {
      throw error;
    };
    return () => new TransformStream({ transform });
  };

  it('refuses by a plain error, too, whose words stay on the server', async () => {
    for (const error of [new Error('a row of our database'), 'no picture']) {
      const send = gatewayOver(workingUpstream(), { inspectBytes: throwing(error) });
      const { upload_id: id } = await (
        await send('POST', '/chunked/init', { json: { filename: 'a', total_size: 9 } })
      ).json();
      const headers = { 'Fastio-Part-Number': '1' };
      const answer = await send('PUT', `/chunked/${id}/parts`, { body: '123456789', headers });
      assert.equal(answer.status, 415);
      assert.deepEqual((await answer.json()).error, { code: 'type-not-allowed', message: 'the file was refused' });
    }
  });

  it('has failed, and may be tried again, where its own code or a service of it fails', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    for (const error of [new TypeError('x is not a function'), refused, AbortSignal.abort().reason]) {
      await assert.rejects(
        pass(PNG, { name: 'a.png', type: 'image/png' }, throwing(error)),
        (raised) => raised === error,
      );
    }
  });

  it('does not answer for bytes that end early', async () => {
    const lost = new Error('the connection is lost');
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield PNG;
      throw lost;
    };
    const bytes = inspected(source(), { name: 'a.png', type: 'image/png' }, CALLER, () => new TransformStream());
    await assert.rejects(
      async () => {
        for await (const _ of bytes);
      },
      (raised) => raised === lost,
    );
  });

  it('may change bytes, but not their number', async () => {
    const upstream = currentUpstream();
    const upper: InspectBytes = () =>
      new TransformStream({
        transform: (bytes, controller) => controller.enqueue(Buffer.from(Buffer.from(bytes).toString().toUpperCase())),
      });
    const send = fastioOver(upstream, { inspectBytes: upper });
    await send('POST', `/current/upload/${await openUp(send)}/chunk/${CHUNK}`, chunk('abcde'));
    assert.match(upstream.asked(`POST ${SESSION}chunk/`)[0]?.text ?? '', /ABCDE/);
    const shorter: InspectBytes = () =>
      new TransformStream({ transform: (bytes, controller) => controller.enqueue(bytes.subarray(1)) });
    const wrong = fastioOver(currentUpstream(), { inspectBytes: shorter });
    const target = `/current/upload/${await openUp(wrong)}/chunk/${CHUNK}`;
    assert.deepEqual(await refusal(await wrong('POST', target, chunk())), [500, 'internal']);
  });
});
