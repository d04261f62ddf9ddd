import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, fileOf } from './support/builders.js';

describe('preset', () => {
  it('ends with `configuration` when no endpoint is set', async () => {
    const { engine, ...bench } = new Bench({ endpoint: '' });
    engine.addFiles([fileOf('a.txt')]);

    await bench.clock.advance(0);

    assert.equal(engine.uploads[0]?.error?.code, 'configuration');
  });
});
