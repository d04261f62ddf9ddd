import type { Lab } from '../support/lab.js';
import type { Table } from '../support/table.js';

export interface ScenarioOptions {
  /** Smaller loads and fewer runs: to see that all works, not to quote. */
  readonly quick: boolean;
  readonly repeats: number;
  /** Only loads whose title holds this text; empty means all. */
  readonly match: string;
  /** Whether the pages of an earlier version are there to be measured beside this one. */
  readonly hasEarlier: boolean;
}

export interface ScenarioResult {
  readonly tables: readonly Table[];
  /** Everything that was measured, for the JSON file. */
  readonly data: unknown;
}

export interface Scenario {
  readonly id: string;
  /** In a few words, for the progress lines. */
  readonly title: string;
  readonly run: (lab: Lab, options: ScenarioOptions) => Promise<ScenarioResult>;
}
