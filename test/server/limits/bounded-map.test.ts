import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoundedMap } from '../../../src/server/limits/bounded-map.js';

describe('BoundedMap', () => {
  it('forgets the oldest entry when there are too many, counting a new value as new', () => {
    const map = new BoundedMap<number>(2, 1000);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.set('c', 4);
    assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [3, undefined, 4]);
  });

  it('forgets an entry that is too old', (context) => {
    context.mock.timers.enable({ apis: ['Date'] });
    const map = new BoundedMap<number>(2, 1000);
    map.set('a', 1);
    context.mock.timers.tick(999);
    assert.equal(map.get('a'), 1);
    context.mock.timers.tick(1);
    assert.equal(map.get('a'), undefined);
  });
});
