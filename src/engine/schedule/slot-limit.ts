/** How many data requests may run to one origin. */

import type { EngineOptions } from '../options.js';

/** What the user chose; else what the line bears. */
export const slotLimit = ({ parallel }: Pick<EngineOptions, 'parallel'>): number =>
  parallel !== 'auto' && parallel >= 1 ? parallel : Number.POSITIVE_INFINITY;
