import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../src/preset.js';
import { fileOf, openChunked, presignedBench } from '../support/builders.js';
import { settle } from '../support/fake-clock.js';

/** Names and values that a request would carry, joined as browsers join equal names. */
const onTheWire = (headers: Readonly<Record<string, string>>): string | null =>
  new Headers({ ...headers }).get('content-type');

describe('Headers of requests', () => {
  it('name the type of a body once, whatever the grant calls it', async () => {
    const { engine, server } = presignedBench();
    engine.addFiles([fileOf('photo.jpg', 10, { type: 'image/jpeg' })]);
    await server.grant({ headers: { 'content-type': 'image/png', 'x-acl': 'private' } });

    const put = await server.nextPut();

    assert.equal(onTheWire(put.headers), 'image/jpeg');
    assert.equal(put.headers['x-acl'], 'private');
  });

  it('of a grant may be numbers', async () => {
    const { engine, server } = presignedBench();
    engine.addFiles([fileOf('photo.jpg')]);
    await server.grant({ headers: { 'x-meta-album': 7, 'x-meta-public': true, 'x-meta-none': null } });

    const { 'Content-Type': _, ...headers } = (await server.nextPut()).headers;

    assert.deepEqual(headers, { 'x-meta-album': '7', 'x-meta-public': 'true' });
  });

  it("name the type of a body once, whatever the page's headers say", async () => {
    const { server } = await openChunked(10, { headers: { 'content-type': 'application/json', Authorization: 'me' } });

    const part = await server.nextPart();

    assert.equal(onTheWire(part.headers), 'application/octet-stream');
    assert.equal(part.headers.Authorization, 'me');
  });

  it('that the page never gives do not hold an upload that is paused', async () => {
    let isSilent = false;
    const headers = () => (isSilent ? new Promise<Record<string, string>>(() => {}) : {});
    const { bench, id, server, engine } = await openChunked(20, { headers, parallel: 1 });
    isSilent = true;
    await server.takePart();

    engine.pause(id);
    await bench.settle();
    isSilent = false;
    engine.resume(id);
    await server.showParts([1]);

    assert.equal((await server.nextPart()).partNumber, 2);
  });

  it('may be none at all', async () => {
    const { server } = await openChunked(10, { headers: (() => undefined) as never });

    assert.deepEqual(Object.keys((await server.nextPart()).headers), ['Content-Type', 'Fastio-Part-Number']);
  });

  for (const [name, headers] of [
    ['Headers', new Headers({ Authorization: 'me' })],
    ['pairs', [['authorization', 'me']]],
    ['a function that yields Headers', async () => new Headers({ Authorization: 'me' })],
  ] as const) {
    it(`may be ${name}`, async () => {
      const { server } = await openChunked(10, { headers: headers as EngineOptions['headers'] });

      assert.equal(new Headers((await server.nextPart()).headers).get('authorization'), 'me');
    });
  }

  it('without a value are left out', async () => {
    const { server } = await openChunked(10, { headers: { Authorization: undefined } });

    assert.deepEqual(Object.keys((await server.nextPart()).headers), ['Content-Type', 'Fastio-Part-Number']);
  });

  for (const [what, headers] of [
    ['a text', 'Authorization: me'],
    ['a list of texts', ['Authorization: me']],
    ['an object in place of a value', { Authorization: {} }],
  ] as const) {
    it(`that are ${what} end with \`configuration\``, async () => {
      const bench = presignedBench({ headers: headers as never });
      const id = bench.add(fileOf('a.txt'));
      await settle();

      assert.equal(bench.upload(id).error?.code, 'configuration');
    });
  }

  it('are asked for once more when a token was replaced while the request was on its way', async () => {
    let token = 'old';
    const { server, bench, id } = await openChunked(20, {
      headers: async () => ({ Authorization: token }),
      parallel: 1,
    });
    const refused = await server.nextPart();
    token = 'new';
    await refused.answer({ status: 401 });

    const repeated = await server.nextPart();

    assert.deepEqual([repeated.partNumber, repeated.headers.Authorization], [1, 'new']);
    assert.deepEqual([bench.state(id), bench.upload(id).attempt], ['uploading', 1]);
  });

  it('that are the same after a 401 are not sent again', async () => {
    const { engine, transport, server } = presignedBench({ headers: () => ({ Authorization: 'me' }) });
    engine.addFiles([fileOf('a.txt')]);
    await (await server.nextMint()).answer({ status: 401 });

    await transport.quiet();
    assert.equal(engine.uploads[0]?.error?.code, 'unauthorized');
  });
});
