/** The platform's clock, for tests that wait until a server hears of a cancel: the seconds to undo it are over at once. */

import { RELEASE_AFTER_MS } from '../../src/engine/upload/undo-buffer.js';
import { browserClock } from '../../src/platform/browser-clock.js';
import type { Clock } from '../../src/ports/clock.js';

/** What has passed since the cancel makes the wait a little shorter. */
const isToUndo = (ms: number): boolean => ms <= RELEASE_AFTER_MS && ms > RELEASE_AFTER_MS - 500;

export const clockWithoutUndo: Clock = {
  ...browserClock,
  delay: (ms, options) => browserClock.delay(isToUndo(ms) ? 0 : ms, options),
};
