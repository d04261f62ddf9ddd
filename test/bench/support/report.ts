/** The table of the documentation, written between its markers wherever it stands. */

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AloneOutcome } from '../scenarios/engine-alone.js';
import type { Outcome } from '../scenarios/goals.js';
import type { describeMachine } from './machine.js';

const ROOT = new URL('../../../', import.meta.url);
const PLACES = ['README.md', 'demo/docs/content/guides/speed.md'];
const MARKED = /(<!-- benchmark -->\n)[\s\S]*?(<!-- \/benchmark -->)/;

export interface Report {
  readonly machine: ReturnType<typeof describeMachine>;
  readonly repeats: number;
  readonly results: Readonly<Record<string, unknown>>;
}

const PEERS = ['@uppy/core', 'tus-js-client'];

const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`;

const goalRow = ({ outcome }: { readonly outcome: Outcome }): string => {
  const { load, floorMs, ratio, atMost, sent, sentAtMost, isMet, peer } = outcome;
  const asked = `${atMost}${sentAtMost === null ? '' : `, at most ${sentAtMost} of its size sent`}`;
  const reached = `${ratio.toFixed(2)}${sentAtMost === null ? '' : `, ${sent.toFixed(2)} sent`}`;
  return cells([
    load,
    `${(floorMs / 1000).toFixed(1)} s`,
    asked,
    isMet ? reached : `**${reached}, missed**`,
    peer === null ? '' : `${peer.ratio.toFixed(2)} ${peer.title}`,
  ]);
};

const alone = (reached: readonly AloneOutcome[]): string => {
  const texts = reached.map(({ count, msAFile }) => `${msAFile.toFixed(2)} ms a file with ${count} files`);
  const [{ goalMs, isMet } = { goalMs: 0, isMet: false }] = reached.slice(-1);
  return `The engine alone, without network and disk: ${texts.join(', ')} (asked: ${goalMs} ms${isMet ? '' : '; **missed**'}).`;
};

const smallFiles = (outcomes: readonly Outcome[]): string => {
  const many = outcomes.flatMap(({ msAFile, longestTaskMs }) =>
    msAFile === null || longestTaskMs === null ? [] : [{ msAFile, longestTaskMs }],
  );
  const most = Math.max(...many.map(({ msAFile }) => msAFile));
  const longest = Math.max(...many.map(({ longestTaskMs }) => longestTaskMs));
  const isMet = most <= 2 && longest <= 50;
  return `The main thread for each small file, beyond the loop: at most ${most.toFixed(2)} ms, no task above ${longest.toFixed(0)} ms (asked: 2 ms and 50 ms${isMet ? '' : '; **missed**'}).`;
};

const render = ({ machine, repeats, results }: Report): string => {
  const goals = results.goals as readonly { readonly outcome: Outcome }[];
  const { reached } = results['engine-alone'] as { readonly reached: readonly AloneOutcome[] };
  const { date, commit, browser, node, cpu, peers } = machine;
  const versions = PEERS.map((name) => `${name} ${peers[name] ?? ''}`);
  return [
    'Time divided by that of the fastest hand-written loop that makes the same requests; on lines that are cut, by size / rate.',
    '',
    cells(['Load', 'Loop', 'Asked', 'fastio-upload', 'Best peer']),
    cells(['---', '---', '---', '---', '---']),
    ...goals.map(goalRow),
    '',
    smallFiles(goals.map(({ outcome }) => outcome)),
    alone(reached),
    '',
    `${date.slice(0, 10)}, commit ${commit}, ${browser}, Node ${node}, ${cpu}; ${versions.join(', ')}. Medians of ${repeats}; one run where the line decides. \`npm run bench -- --write\` makes this.`,
    '',
  ].join('\n');
};

/** The files that were written. @throws Error for one without markers. */
export const writeReport = async (report: Report): Promise<readonly string[]> => {
  const text = render(report);
  for (const place of PLACES) {
    const path = fileURLToPath(new URL(place, ROOT));
    const page = await readFile(path, 'utf8');
    if (!MARKED.test(page)) throw new Error(`${place} has no place for the table`);
    await writeFile(
      path,
      page.replace(MARKED, (_, start: string, end: string) => start + text + end),
    );
  }
  execFileSync('npx', ['biome', 'format', '--config-path=test/biome.json', '--write', ...PLACES], {
    cwd: fileURLToPath(ROOT),
  });
  return PLACES;
};
