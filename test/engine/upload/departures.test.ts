import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Departures } from '../../../src/engine/upload/departures.js';
import { UploadList } from '../../../src/engine/upload/upload-list.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('Departures', () => {
  it('do not look through the list when nothing leaves it', () => {
    const list = new UploadList();
    list[Symbol.iterator] = () => assert.fail('the list was searched');
    const departures = new Departures({ list, clock: new FakeClock(), release: async () => {} });

    departures.unlisted(new Map());
  });
});
