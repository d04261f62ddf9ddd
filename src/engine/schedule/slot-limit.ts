/** Limits the data requests to one origin. */

import type { EngineOptions } from '../options.js';

/** The `parallel` option; Infinity for `auto`, where the line model decides. */
export const slotLimit = ({ parallel }: Pick<EngineOptions, 'parallel'>): number =>
  parallel !== 'auto' && parallel >= 1 ? parallel : Number.POSITIVE_INFINITY;
