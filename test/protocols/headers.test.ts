import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf, openChunked, presignedBench } from '../support/builders.js';

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
});
