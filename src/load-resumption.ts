/**
 * Loads the resumption of uploads when there is something to keep or restore. Uploads work without it: where its code
 * cannot be loaded, nothing is recorded, and the engine emits `resume-unavailable`.
 */

import type { Resumption, ResumptionInit, ResumptionPorts } from './engine/records/resumption.js';
import { abortable } from './lib/abortable.js';

/** Maximum wait for the code, in milliseconds; after it uploads continue without records. */
const LOADED_WITHIN_MS = 5_000;

export const loadResumption = async (
  ports: Partial<ResumptionPorts>,
  init: ResumptionInit,
  load = () => import('./browser-resumption.js'),
): Promise<Resumption> =>
  (await abortable(load(), AbortSignal.timeout(LOADED_WITHIN_MS))).createResumption(ports, init);
