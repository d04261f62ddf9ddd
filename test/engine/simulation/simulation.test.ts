/**
 * Random histories: files that vanish or are written to, lines that are slow, shared or break periodically, faults of
 * network, server, store and clock, a user who pauses, cancels and reloads, and a store, locks and a hasher that answer in
 * any order. Whatever happens, the promises hold, and once the faults are over every upload that was not canceled ends in
 * the right bytes.
 *
 * `SIMULATION_RUNS` sets the number of histories. A failure prints the seed and the path that replay it.
 */

import { describe, it } from 'node:test';
import fc from 'fast-check';
import { histories } from './history.js';
import { Simulation } from './simulation.js';

const RUNS = Number(process.env.SIMULATION_RUNS ?? 300);

describe('simulation', () => {
  it(`keeps its promises in ${RUNS} random histories`, async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (value) => new Simulation(value).run()),
      { numRuns: RUNS, includeErrorInReport: true },
    );
  });

  it('keeps no record of an upload that was canceled and tried again while its lock was awaited', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (value) => new Simulation(value).run()),
      { seed: -1_761_657_477, path: '400', numRuns: 1, endOnFailure: true, includeErrorInReport: true },
    );
  });
});
