/** Histories that the simulation lives through. */

import fc from 'fast-check';
import type { EngineOptions } from '../../../src/preset.js';
import { FAULTS } from './fake-backend.js';

const ACTS = ['pause', 'resume', 'cancel', 'retry', 'offline', 'online', 'reload', 'back', 'ahead'] as const;
/** Rarer: most histories should end well in every respect. */
const MISHAPS = ['vanish', 'reappear', 'rewrite', 'store-fails'] as const;

/** Of bodies of files, until all is healed. Rates are in the unit of sizes. */
const lines = fc.record({
  perSecond: fc.integer({ min: 5, max: 200 }),
  breaksEveryMs: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 400, max: 10_000 })),
  /** Connections of others that share the rate. */
  neighbours: fc.nat({ max: 3 }),
});

/** What happens, in which order, to whom. */
export const histories = fc.record({
  protocol: fc.constantFrom<EngineOptions['protocol'][]>('presigned', 'chunked', 'auto'),
  hasConfirm: fc.boolean(),
  canInspect: fc.boolean(),
  /** Parts of ten bytes, as the server wants them; else parts of any size, and files that are larger by so much. */
  hasFixedParts: fc.boolean(),
  /** Null for a line that takes no time and does not break. */
  line: fc.option(lines),
  mintBatch: fc.integer({ min: 1, max: 3 }),
  parallel: fc.integer({ min: 1, max: 4 }),
  sizes: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
  faults: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant('none' as const) }, fc.constantFrom(...FAULTS)), {
    maxLength: 60,
  }),
  steps: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 1500 }),
      act: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ACTS) }, fc.constantFrom(...MISHAPS)),
      file: fc.nat({ max: 3 }),
    }),
    { maxLength: 12 },
  ),
  seed: fc.integer({ min: 1 }),
  scheduler: fc.scheduler(),
});

export type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;
