/** What the bodies of files pass on their way in virtual time. */

import { UploadError } from '../../../src/ports/errors.js';
import type { FakeClock } from '../../support/fake-clock.js';

export interface FakeLine {
  /** Of all bodies together. */
  readonly bytesPerSecond: number;
  /** Milliseconds between two moments at which every body that is on its way is lost. */
  readonly breaksEveryMs: number;
  /** Connections of others that share the rate. */
  readonly neighbours: number;
}

export interface Travel {
  readonly bytes: number;
  /** Bodies that are on their way now, this one included. */
  readonly inFlight: number;
  readonly clock: FakeClock;
  readonly signal: AbortSignal;
}

/** @throws UploadError `network` when the line breaks first. */
export const travel = async (line: FakeLine, { bytes, inFlight, clock, signal }: Travel): Promise<void> => {
  const ms = (bytes / line.bytesPerSecond) * (inFlight + line.neighbours) * 1000;
  const { breaksEveryMs } = line;
  const holdsMs = Number.isFinite(breaksEveryMs) ? breaksEveryMs - (clock.now() % breaksEveryMs) : ms;
  await clock.delay(Math.min(ms, holdsMs), { signal });
  if (holdsMs < ms) throw new UploadError('network', 'the line broke');
};
