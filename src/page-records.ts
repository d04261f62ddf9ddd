/**
 * The records of a page, whose code is loaded when there is something to keep. An upload can do without them: where
 * their file does not come, nothing is kept, and the page hears `resume-unavailable`.
 */

import type { Custody, CustodyInit, CustodyPorts } from './engine/records/custody.js';
import { abortable } from './lib/abortable.js';

/** An upload waits no longer than this for the file, in milliseconds. */
const LOADED_WITHIN_MS = 5_000;

export const loadCustody = async (
  ports: Partial<CustodyPorts>,
  init: CustodyInit,
  load = () => import('./browser-records.js'),
): Promise<Custody> => (await abortable(load(), AbortSignal.timeout(LOADED_WITHIN_MS))).createCustody(ports, init);
