import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileOf, presignedBench } from '../../support/builders.js';
import { GRANT } from '../../support/scripted-server.js';

describe('GrantLife', () => {
  it('renews a grant whose end has passed while it waited', async () => {
    const bench = presignedBench({ parallel: 1 });
    const { clock, server } = bench;
    const expiresAt = new Date(clock.wallNow() + 60_000).toISOString();
    bench.add(fileOf('a.txt'));
    bench.add(fileOf('b.txt'));
    await server.grant({ expiresAt });
    await (await server.nextMint()).answer({
      json: { uploadUrl: 'https://storage.test/late', fileId: 'late', expiresAt },
    });
    const first = await server.nextPut();

    await clock.advance(61_000);
    await first.answer({});

    await server.nextMint();
  });

  it('asks again for a grant whose end has passed when it comes, without counting it as an attempt', async () => {
    const { clock, engine, server } = presignedBench();
    engine.addFiles([fileOf('a.txt')]);
    const expiresAt = new Date(clock.wallNow() - 1000).toISOString();

    await server.grant({ expiresAt });
    await server.store();
    await clock.advance(0);

    assert.deepEqual([engine.uploads[0]?.state, engine.uploads[0]?.attempt], ['done', 1]);
  });

  it('takes two such grants in a row for a wrong clock of the page, and asks no third time', async () => {
    const bench = presignedBench({ parallel: 1 });
    const { clock, server } = bench;
    const expiresAt = new Date(clock.wallNow() - 3600_000).toISOString();
    bench.add(fileOf('a.txt'));

    for (let grants = 0; grants < 2; grants += 1) await server.grant({ expiresAt });
    await (await server.nextPut()).answer({});
    bench.add(fileOf('b.txt'));

    await server.grant({ expiresAt, uploadUrl: 'https://storage.test/object?signature=another' });
    await server.nextPut();
  });

  it('counts the end of a grant by the clock of the server, where the answer tells its time', async () => {
    const { clock, engine, server } = presignedBench();
    const serverNow = clock.wallNow() - 2 * 3600_000;
    const expiresAt = new Date(serverNow + 900_000).toISOString();
    engine.addFiles([fileOf('a.txt')]);

    await (await server.nextMint()).answer({
      json: { ...GRANT, expiresAt },
      headers: { Date: new Date(serverNow).toUTCString() },
    });

    await server.nextPut();
  });
});
