/** The platform's own clocks, timers and dice. */

import { abortableDelay } from '../lib/abortable.js';
import type { Clock } from '../ports/clock.js';

/** A timer set for longer ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const browserClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  delay: (ms, { signal }) => abortableDelay(Math.min(ms, LONGEST_TIMER_MS), signal),
  random: () => Math.random(),
};
