/** Why a scenario is no test here. */

import type { ScenarioId } from './scenarios.js';

const NO_HTTP2 = 'needs an HTTP/2 server under TLS; storage and gateway of the tests speak HTTP/1.1';

export const REASONS: Readonly<Partial<Record<ScenarioId, string>>> = {
  A15: NO_HTTP2,
  A16: NO_HTTP2,
  B15: 'other protocol: only lists of S3 come in pages',
  B18: 'other protocol: only tus and its like have offsets',
  B19: 'other protocol: only resumable uploads of Google answer 308',
};
