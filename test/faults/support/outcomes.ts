/** What became of scenarios: lines of JSON that the tests leave, and that the table is made of. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER } from '../../support/browsers/browser-name.js';
import type { ScenarioId } from './scenarios.js';

const FOLDER = new URL(`../../../coverage/faults/${BROWSER}/`, import.meta.url);

export const OUTCOMES_FILE = fileURLToPath(new URL('outcomes.jsonl', FOLDER));
export const TABLE_FILE = fileURLToPath(new URL('scenarios.md', FOLDER));

export interface Outcome {
  readonly id: ScenarioId;
  /** Of the test: several may stand for one scenario. */
  readonly name: string;
  readonly outcome: 'pass' | 'FAIL' | 'cannot run';
  /** Why not; of one that passed, what was measured. */
  readonly reason: string;
  readonly seconds: number;
}

/** The last of each test, which may have run twice. */
export const readOutcomes = async (): Promise<readonly Outcome[]> => {
  const text = await readFile(OUTCOMES_FILE, 'utf8').catch(() => '');
  const outcomes = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Outcome);
  return [...new Map(outcomes.map((outcome) => [outcome.name, outcome])).values()];
};
