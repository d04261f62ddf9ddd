/** Troubles that applications should be tried with, by name, as scripts of the emulator. */

import type { FaultScript } from '../emulator/faults/fault-script.js';

const TO_STORAGE = '^/storage/';

const SCRIPTS = {
  /** Every connection is cut at once, those to the backend included. */
  offline: { rules: [{ action: { type: 'reset' } }] },
  /** The storage takes 256 KiB a second on each connection. */
  slow: { rules: [{ match: { method: 'PUT' }, action: { type: 'bandwidth', bytesPerSecond: 256 * 1024 } }] },
  /** The storage refuses the first URL that each file was granted, so that it needs a second one. */
  'expired-grants': {
    rules: [
      { match: { method: 'PUT', path: TO_STORAGE }, every: 2, after: 0, action: { type: 'status', status: 403 } },
    ],
  },
  /** One request in five that carries bytes is cut after 64 KiB, and one in ten is answered by 503; the same ones each time. */
  flaky: {
    rules: [
      { match: { method: 'PUT' }, probability: 0.2, seed: 7, action: { type: 'reset', afterBytes: 64 * 1024 } },
      { match: { method: 'PUT' }, probability: 0.1, seed: 11, action: { type: 'status', status: 503 } },
    ],
  },
} as const satisfies Readonly<Record<string, FaultScript>>;

export type FaultName = keyof typeof SCRIPTS;

export const FAULT_NAMES = Object.keys(SCRIPTS) as readonly FaultName[];

export const faultScript = (name: FaultName): FaultScript => SCRIPTS[name];
