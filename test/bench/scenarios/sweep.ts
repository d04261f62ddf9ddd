/** Fixed lanes and part sizes on each line, beside what the engine chooses by itself. */

import type { Entry, Lab } from '../support/lab.js';
import { cutLine, overHttp2, PROFILES, type Profile } from '../support/profile.js';
import { type Load, sendLoad } from '../support/send.js';
import type { Table } from '../support/table.js';
import { measureTransfers } from '../support/transfer.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const MiB = 2 ** 20;
/** A setting is given up after four times what one connection needs, and time to begin. */
const longestFor = ({ linkRate, connectionRate }: Profile, { count, size }: Load): number =>
  60_000 + ((4 * count * size) / Math.min(linkRate, connectionRate)) * 1000;

interface Sweep {
  readonly line: Profile;
  readonly load: Load;
  readonly name: 'chunked' | 'presigned';
  readonly lanes: readonly number[];
  /** Bytes; empty where files are sent whole. */
  readonly partSizes: readonly number[];
}

const large = (line: Profile, mebibytes: number): Sweep => ({
  line,
  load: { count: 1, size: mebibytes * MiB },
  name: 'chunked',
  lanes: [1, 2, 4, 6],
  partSizes: [1 * MiB, 4 * MiB, 16 * MiB],
});

const small = (line: Profile, lanes: readonly number[]): Sweep => ({
  line,
  load: { count: 300, size: 20_000 },
  name: 'presigned',
  lanes,
  partSizes: [],
});

const SWEEPS: readonly Sweep[] = [
  large(PROFILES.capped, 64),
  large(PROFILES.far, 48),
  large(cutLine(8, 10), 16),
  small(PROFILES.near, [1, 2, 4, 6]),
  small(overHttp2(PROFILES.near), [6, 12, 16]),
];

const entryFor = (variant: string, title: string): Entry => ({ id: variant, title, page: 'fastio-engine', variant });

const entriesOf = ({ name, lanes, partSizes }: Sweep): Entry[] => [
  entryFor(name, 'chosen by the engine'),
  ...lanes.flatMap((count) =>
    partSizes.length === 0
      ? [entryFor(`${name}:parallel=${count}`, `${count} lanes`)]
      : partSizes.map((size) =>
          entryFor(`${name}:parallel=${count}:partSize=${size}`, `${count} lanes, parts of ${size / MiB} MiB`),
        ),
  ),
];

const run = async (lab: Lab, sweep: Sweep, repeats: number) => {
  const entries = entriesOf(sweep);
  const { line, load, name } = sweep;
  const send = (page: Parameters<typeof sendLoad>[1]) => sendLoad(lab, page, load, longestFor(line, load));
  const results = await measureTransfers({
    lab,
    line,
    entries,
    references: entries.map(({ id }) => id),
    repeats,
    send,
  });
  const best = Math.min(...results.results.map(({ ms }) => ms.median));
  const table: Table = {
    title: `${name}, ${load.count} x ${load.size} bytes, ${line.title}`,
    columns: ['setting', 'seconds', 'of the best'],
    rows: [...results.results]
      .sort((a, b) => a.ms.median - b.ms.median)
      .map(({ title, ms }) => [title, (ms.median / 1000).toFixed(2), (ms.median / best).toFixed(2)]),
    notes: results.failures.map(({ id, message }) => `FAILED ${id}: ${message}`),
  };
  return { table, data: { load, ...results } };
};

export const sweep: Scenario = {
  id: 'sweep',
  title: 'fixed settings against the engine',
  run: async (lab: Lab, { repeats, match }: ScenarioOptions) => {
    const done = [];
    for (const one of SWEEPS.filter(({ line }) => line.title.includes(match))) done.push(await run(lab, one, repeats));
    return { tables: done.map(({ table }) => table), data: done.map(({ data }) => data) };
  },
};
