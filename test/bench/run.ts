/**
 * The benchmark: this project beside its peers, on lines that are measured before they are used. Prints tables of ratios
 * and writes all numbers as JSON. What is lost is printed like what is won.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFlags, USAGE } from './flags.js';
import { bigFile } from './scenarios/big-file.js';
import { engineAlone } from './scenarios/engine-alone.js';
import { goals } from './scenarios/goals.js';
import { manyFiles } from './scenarios/many-files.js';
import { pageCost } from './scenarios/page-cost.js';
import type { Scenario, ScenarioOptions } from './scenarios/scenario.js';
import { sizes } from './scenarios/sizes.js';
import { smallFiles } from './scenarios/small-files.js';
import { sweep } from './scenarios/sweep.js';
import { Lab } from './support/lab.js';
import { describeMachine } from './support/machine.js';
import { type LineMeasure, measureLine } from './support/measure-line.js';
import { PROFILES, type Profile } from './support/profile.js';
import { writeReport } from './support/report.js';
import { renderTable } from './support/table.js';

const SCENARIOS: readonly Scenario[] = [goals, engineAlone, sizes, manyFiles, smallFiles, bigFile, pageCost];

/** What the table of the documentation shows. */
const REPORTED: readonly Scenario[] = [engineAlone, goals];

/** A machine above this has other things to do; its numbers are printed all the same, with the load beside them. */
const QUIET_LOAD = 0.3;

const choose = (only: readonly string[]): readonly Scenario[] => {
  const unknown = only.filter((id) => !SCENARIOS.some((scenario) => scenario.id === id));
  if (unknown.length > 0) throw new Error(`unknown scenario: ${unknown.join(', ')}`);
  return only.length === 0 ? SCENARIOS : SCENARIOS.filter(({ id }) => only.includes(id));
};

const Mbit = (bytesPerSecond: number): string => ((bytesPerSecond * 8) / 1_000_000).toFixed(1);

/** Says how far each line is from what it claims to be. */
const checkLines = async (lab: Lab): Promise<Record<string, LineMeasure>> => {
  const measures: Record<string, LineMeasure> = {};
  for (const profile of Object.values<Profile>(PROFILES)) {
    lab.site.use(profile);
    const measure = await measureLine(lab.site.port, profile);
    measures[profile.id] = measure;
    const { rate, rttMs } = measure;
    console.log(
      `line ${profile.id}: ${Mbit(rate)} Mbit/s over six connections, ${rttMs.toFixed(1)} ms (native client)`,
    );
  }
  return measures;
};

const describe = async (lab: Lab) => {
  const browser = await lab.browser();
  const machine = describeMachine(await browser.version());
  await browser.close();
  const { peers, ...rest } = machine;
  console.log(
    Object.entries(rest)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  );
  console.log(
    Object.entries(peers)
      .map(([name, version]) => `${name} ${version}`)
      .join(' · '),
  );
  if (machine.loadAtStart > QUIET_LOAD) {
    console.log(`The machine is not quiet (load ${machine.loadAtStart.toFixed(1)}): read small differences as noise.`);
  }
  return machine;
};

const runAll = async (lab: Lab, scenarios: readonly Scenario[], options: ScenarioOptions) => {
  const results: Record<string, unknown> = {};
  for (const { id, title, run } of scenarios) {
    console.log(`\n… ${title}`);
    const startedAt = performance.now();
    const { tables, data } = await run(lab, options);
    results[id] = data;
    for (const table of tables) console.log(renderTable(table));
    console.log(`  (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`);
  }
  return results;
};

const jsonPath = (asked: string | null): string => {
  if (asked !== null) return resolve(asked);
  const name = new Date().toISOString().replace(/[:.]/g, '-');
  return fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
};

const main = async (): Promise<void> => {
  const { help, sweep: isSweep, only, match, json, quick, repeats, earlier, write } = readFlags(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const scenarios = isSweep ? [sweep] : write ? REPORTED : choose(only);
  const lab = await Lab.open(earlier);
  try {
    const machine = await describe(lab);
    const lines = await checkLines(lab);
    const results = await runAll(lab, scenarios, { quick, repeats, match, hasEarlier: earlier !== null });
    const path = jsonPath(json);
    await mkdir(dirname(path), { recursive: true });
    const content = { machine: { ...machine, loadAtEnd: loadavg()[0] }, quick, repeats, lines, results };
    await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
    console.log(`\nAll numbers: ${path}`);
    if (write) console.log(`Written: ${(await writeReport(content)).join(', ')}`);
  } finally {
    await lab.close();
  }
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
