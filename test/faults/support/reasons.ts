/** Why a scenario is no test here. */

import type { ScenarioId } from './scenarios.js';

type Reasons = Readonly<Partial<Record<ScenarioId, string>>>;

const NO_HTTP2 = 'needs an HTTP/2 server under TLS; storage and gateway of the tests speak HTTP/1.1';

/** It cannot be one. */
export const REASONS: Reasons = {
  A15: NO_HTTP2,
  A16: NO_HTTP2,
  B15: 'other protocol: only lists of S3 come in pages',
  B18: 'other protocol: only tus and its like have offsets',
  B19: 'other protocol: only resumable uploads of Google answer 308',
};

/** It could be one and is not, or its test does not show all of it. */
export const OPEN: Reasons = {
  A8: 'slow connections are not given up while their bytes move',
  A14: 'no server with TLS in the laboratory',
  B10: 'checksums of parts are tested outside the laboratory only',
  B21: 'the laboratory does not speak the dialect fastio',
  B22: 'the laboratory does not speak the dialect fastio',
  E3: 'one kill of the browser is tested (G3), not twenty at random points',
  F8: 'the fifty milliseconds are reported, not asserted: machines of tests are shared',
  F9: 'permissions of handles cannot be revoked from here so far',
  G8: 'ten thousand files in one call are one task of more than 100 ms',
  G11: 'webhooks are tested with the gateway only',
  G12: 'webhooks are tested with the gateway only',
  G15: 'keys of repeated calls are tested outside the laboratory only',
};
