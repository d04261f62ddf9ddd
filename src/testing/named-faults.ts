/** Faults that applications should be tested with, by name, as scripts of the emulator. */

import type { FaultScript } from '../emulator/faults/fault-script.js';

const TO_STORAGE = '^/storage/';

const SCRIPTS = {
  /** Every connection is cut at once, including those to the backend. */
  offline: { rules: [{ action: { type: 'reset' } }] },
  /** The storage accepts 256 KiB per second on each connection. */
  slow: { rules: [{ match: { method: 'PUT' }, action: { type: 'bandwidth', bytesPerSecond: 256 * 1024 } }] },
  /** The storage refuses every other request with 403, so that each file needs a second URL. */
  'expired-grants': {
    rules: [
      { match: { method: 'PUT', path: TO_STORAGE }, every: 2, after: 0, action: { type: 'status', status: 403 } },
    ],
  },
  /** Of the data requests one in five is cut after 64 KiB and one in ten is answered 503, the same ones each time. */
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
