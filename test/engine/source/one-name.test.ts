import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AlbumServer } from '../../support/album-server.js';
import { Bench, bytesOf, fileOf, namesOf } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('Files of one name on one list', () => {
  for (const protocol of ['presigned', 'chunked'] as const) {
    it(`are stored under a name and an id each: ${protocol}`, async () => {
      const clock = new FakeClock();
      const server = new AlbumServer(clock);
      const endpoint = 'https://app.test/a';
      const options = { protocol, endpoint, confirmEndpoint: `${endpoint}/confirm` };
      const { engine } = new Bench(options, { clock, transport: server });
      engine.addFiles([1, 2, 3].map((seed) => fileOf('image.png', bytesOf(30, seed), { lastModified: seed })));
      await clock.advanceUntil(() => engine.progress.pending === 0);

      assert.deepEqual(namesOf(server.stored).sort(), ['image (2).png', 'image (3).png', 'image.png']);
      assert.equal(new Set(engine.uploads.map(({ fileId }) => fileId)).size, 3);
    });
  }
});
