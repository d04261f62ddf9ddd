/** The adapters that the engine needs; `preset.ts` provides those for a page. */

import type { Clock } from '../ports/clock.js';
import type { Connectivity } from '../ports/connectivity.js';
import type { Hasher } from '../ports/hasher.js';
import type { Protocol } from '../ports/protocol.js';
import type { EngineOptions } from './options.js';
import type { Resumption, ResumptionInit } from './records/resumption.js';
import type { SlotQueue } from './schedule/slot-queue.js';

export interface EnginePorts {
  /** @throws UploadError `configuration`. */
  readonly protocol: (options: EngineOptions) => Protocol;
  /** The slots for data requests to an origin, shared by all engines of the page. */
  readonly slots: (origin: string) => SlotQueue;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  readonly hasher: Hasher;
  /** Rejects when its code cannot be loaded; then nothing is recorded. */
  readonly resumption: (init: ResumptionInit) => Resumption | Promise<Resumption>;
}
