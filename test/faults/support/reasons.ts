/** Why a scenario cannot be a test here. */

import type { ScenarioId } from './scenarios.js';

export const REASONS: Readonly<Partial<Record<ScenarioId, string>>> = {
  A8: 'a connection is given up when its bytes stand still, not when they are slow: a second copy of a part would cost bytes that the promise about them counts',
  B15: 'other protocol: only lists of S3 come in pages',
  B18: 'other protocol: only tus and its like have offsets',
  B19: 'other protocol: only resumable uploads of Google answer 308',
};
