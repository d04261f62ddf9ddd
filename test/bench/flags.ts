/** What may be asked of the benchmark on the command line. */

import { parseArgs } from 'node:util';

export interface Flags {
  readonly quick: boolean;
  /** Runs of each contender that count. */
  readonly repeats: number;
  /** Runs the sweep of fixed settings in place of the scenarios. */
  readonly sweep: boolean;
  /** Ids of the scenarios to run; empty means all. */
  readonly only: readonly string[];
  /** Text that the title of a load has to hold; empty means all. */
  readonly match: string;
  /** Where the JSON goes; null means a file named after the time, in `test/bench/results`. */
  readonly json: string | null;
  /** A checkout of an earlier version whose engine is measured beside this one; null means none. */
  readonly earlier: string | null;
  /** Writes the table of the goals into the documentation; runs what it needs. */
  readonly write: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run bench [-- flags]
  --quick            smaller loads, one run each: shows that all works
  --repeats N        runs of each contender (default 3; 5 or more to quote)
  --only ID,ID       goals, engine-alone, big-file, small-files, many-files, sizes, page-cost
  --sweep            fixed lanes and part sizes against what the engine chooses, on each line
  --match TEXT       of the goals and of many-files, those whose title holds the text; of the sweep, lines
  --earlier FOLDER   a checkout of an earlier version: the goals show its engine, many-files its element as well
  --write            runs what the promised speeds need, and writes their table into the README and the documentation
  --json PATH        where the JSON goes (default test/bench/results/)`;

/** @throws Error that names what is wrong. */
export const readFlags = (args: readonly string[]): Flags => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      repeats: { type: 'string' },
      only: { type: 'string', default: '' },
      sweep: { type: 'boolean', default: false },
      match: { type: 'string', default: '' },
      json: { type: 'string' },
      earlier: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const repeats = Number(values.repeats ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(repeats) || repeats < 1) throw new Error('--repeats takes a whole number from 1');
  const only = values.only.split(',').filter((id) => id !== '');
  return {
    quick: values.quick,
    repeats,
    sweep: values.sweep,
    only,
    match: values.match,
    json: values.json ?? null,
    earlier: values.earlier ?? null,
    write: values.write,
    help: values.help,
  };
};
