/** One big file, against the limit of the line: on a clean one, and on one that caps every connection. */

import type { Page } from 'puppeteer-core';
import type { Entry, Lab } from '../support/lab.js';
import { PROFILES, type Profile } from '../support/profile.js';
import { measureTransfers, transferTable } from '../support/transfer.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const MiB = 2 ** 20;

const LIMITS: readonly Entry[] = [
  { id: 'R1', title: 'R1 one raw PUT', page: 'reference', variant: 'whole' },
  { id: 'R6', title: 'R6 six raw PUTs of slices', page: 'reference', variant: 'slices' },
];

const OURS: readonly Entry[] = [
  { id: 'presigned', title: 'fastio-upload presigned', page: 'fastio-engine', variant: 'presigned' },
  { id: 'chunked', title: 'fastio-upload chunked', page: 'fastio-engine', variant: 'chunked' },
  { id: 'gateway', title: 'fastio-upload auto, own gateway', page: 'fastio-engine', variant: 'gateway' },
];

/** Those that can use several connections for one file, or could before. */
const SEVERAL_FLOWS: readonly Entry[] = [
  { id: 'uppy-5', title: 'Uppy 5 multipart', page: 'uppy-5', variant: 'multipart' },
  { id: 'uppy-6', title: 'Uppy 6 multipart', page: 'uppy-6', variant: 'multipart' },
  { id: 'tus-parallel', title: 'tus-js-client, parallelUploads 6', page: 'tus', variant: 'parallel' },
];

const ONE_FLOW: readonly Entry[] = [
  { id: 'tus', title: 'tus-js-client', page: 'tus', variant: '' },
  { id: 'upchunk', title: 'UpChunk', page: 'upchunk', variant: '' },
  { id: 'filepond', title: 'FilePond chunked', page: 'filepond', variant: 'chunked' },
  { id: 'vaadin', title: 'Vaadin Upload', page: 'vaadin', variant: '' },
];

const sendChosen = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const files = [...((document.querySelector('#chosen') as HTMLInputElement).files ?? [])];
    const startedAt = performance.now();
    await globalThis.contender?.send?.(files);
    return performance.now() - startedAt;
  });

const measure = async (lab: Lab, line: Profile, size: number, entries: readonly Entry[], repeats: number) => {
  const send = async (page: Page): Promise<number> => {
    await lab.choose(page, size);
    return sendChosen(page);
  };
  const results = await measureTransfers({ lab, line, entries, references: ['R1', 'R6'], repeats, send });
  return { table: transferTable(`One file of ${size / MiB} MiB, ${line.title}`, results), data: { size, ...results } };
};

export const bigFile: Scenario = {
  id: 'big-file',
  title: 'one big file',
  run: async (lab: Lab, { quick, repeats }: ScenarioOptions) => {
    const all = [...LIMITS, ...OURS, ...SEVERAL_FLOWS, ...ONE_FLOW];
    const fibre = await measure(lab, PROFILES.P2, (quick ? 8 : 32) * MiB, all, repeats);
    // Six parts of Uppy's smallest size, so that it can use as many connections as the others.
    const capped = await measure(
      lab,
      PROFILES.P6,
      30 * MiB,
      [...LIMITS, ...OURS, ...SEVERAL_FLOWS],
      quick ? 1 : repeats,
    );
    const note = 'Senders of one flow (tus, UpChunk, FilePond, Vaadin) do as R1 here and were left out.';
    return {
      tables: [fibre.table, { ...capped.table, notes: [...capped.table.notes, note] }],
      data: [fibre.data, capped.data],
    };
  },
};
