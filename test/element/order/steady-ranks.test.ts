import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newsFirst } from '../../../src/element/order/movable.js';
import { SteadyRanks } from '../../../src/element/order/steady-ranks.js';
import { snapshot } from '../fake-engine.js';

const STATES = ['queued', 'uploading', 'failed', 'done'] as const;
type State = (typeof STATES)[number];

const listOf = (states: readonly State[]) => states.map((state, index) => snapshot({ id: `id-${index}`, state }));
const idsOf = (uploads: readonly { readonly id: string }[]) => uploads.map(({ id }) => id);

describe('SteadyRanks', () => {
  const states = fc.array(fc.constantFrom(...STATES), { maxLength: 30 });
  const look = fc.record({
    isScrolled: fc.boolean(),
    now: fc.nat({ max: 5_000 }),
    change: fc.func(fc.constantFrom(...STATES)),
    removed: fc.func(fc.integer({ min: 0, max: 9 })),
    isTurned: fc.boolean(),
    isFiltered: fc.boolean(),
  });

  it('arrange files as their ranks say, however the list changes between two looks', () => {
    fc.assert(
      fc.property(states, fc.array(look, { maxLength: 8 }), (first, looks) => {
        const ranks = new SteadyRanks();
        let uploads = listOf(first);
        for (const { isScrolled, now, change, removed, isTurned, isFiltered } of looks) {
          const kept = uploads.filter(({ id }) => removed(id) > 0);
          const next = kept.map((upload) => ({ ...upload, state: change(upload.id) }));
          uploads = isTurned ? next.reverse() : next;
          const rank = ranks.of(uploads, isScrolled, now);
          const shown = isFiltered ? uploads.filter(({ state }) => state !== 'done') : uploads;
          assert.deepEqual(idsOf(ranks.arrange(shown)), idsOf(newsFirst(shown, rank)));
        }
      }),
    );
  });
});
