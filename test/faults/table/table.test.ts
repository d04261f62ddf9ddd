/** The table of all scenarios, made from what the run left: passed, failed, or the reason why it cannot run. */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { type Outcome, readOutcomes, TABLE_FILE } from '../support/outcomes.js';
import { REASONS } from '../support/reasons.js';
import { SCENARIO_IDS, SCENARIOS, type ScenarioId } from '../support/scenarios.js';

const WORST_FIRST: readonly Outcome['outcome'][] = ['FAIL', 'pass', 'cannot run'];

/** Several tests may stand for one scenario: it passes when all that ran did. */
const resultOf = (id: ScenarioId, outcomes: readonly Outcome[]): string => {
  const own = outcomes.filter((outcome) => outcome.id === id);
  const worst = WORST_FIRST.map((name) => own.find(({ outcome }) => outcome === name)).find((found) => found);
  if (worst === undefined) return REASONS[id] ?? 'MISSING';
  if (worst.outcome !== 'pass') return worst.outcome === 'FAIL' ? `FAIL: ${worst.reason}` : worst.reason;
  const figures = own.map(({ reason }) => reason).filter((reason) => reason !== '');
  return ['pass', ...new Set(figures)].join('; ');
};

describe('the table of scenarios', () => {
  it('has a result or a reason for each', async () => {
    const outcomes = await readOutcomes();
    const rows = SCENARIO_IDS.map((id) => ({ id, title: SCENARIOS[id], result: resultOf(id, outcomes) }));
    const lines = rows.map(({ id, title, result }) => `| ${id} | ${title} | ${result} |`);
    const count = (wanted: (result: string) => boolean) => rows.filter(({ result }) => wanted(result)).length;
    const passed = count((result) => result.startsWith('pass'));
    const failed = count((result) => result.startsWith('FAIL') || result === 'MISSING');
    const impossible = rows.length - passed - failed;
    const sum = `${passed} of ${rows.length} pass, ${failed} fail, ${impossible} cannot run.`;
    const table = ['| Id | Scenario | Result |', '| --- | --- | --- |', ...lines, '', sum, ''].join('\n');
    await mkdir(dirname(TABLE_FILE), { recursive: true });
    await writeFile(TABLE_FILE, table);
    console.log(table);
    assert.deepEqual(
      rows.filter(({ result }) => result === 'MISSING').map(({ id }) => id),
      [],
      'scenarios without a test and without a reason',
    );
  });
});
