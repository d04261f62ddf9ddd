/** The platform's clocks, timers and random numbers. */

import { abortableDelay } from '../lib/abortable.js';
import type { Clock } from '../ports/clock.js';

/** A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const browserClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  delay: (ms, { signal }) => abortableDelay(Math.min(ms, MAX_TIMER_MS), signal),
  random: () => Math.random(),
};
