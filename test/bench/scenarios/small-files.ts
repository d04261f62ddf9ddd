/** Many small files, where every request that asks for leave costs as much as the file itself. */

import type { Page } from 'puppeteer-core';
import type { Entry, Lab } from '../support/lab.js';
import { PROFILES } from '../support/profile.js';
import { measureTransfers, transferTable } from '../support/transfer.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const SIZE = 10 * 1024;

const ENTRIES: readonly Entry[] = [
  { id: 'workers', title: 'six bare workers, one mint call', page: 'reference', variant: 'workers' },
  { id: 'presigned', title: 'fastio-upload presigned, batches', page: 'fastio-engine', variant: 'presigned' },
  { id: 'gateway', title: 'fastio-upload auto, own gateway', page: 'fastio-engine', variant: 'gateway' },
  { id: 'uppy-5', title: 'Uppy 5, signs each file', page: 'uppy-5', variant: '' },
  { id: 'uppy-6', title: 'Uppy 6, signs each file', page: 'uppy-6', variant: '' },
  { id: 'tus', title: 'tus-js-client, six at a time', page: 'tus', variant: '' },
  { id: 'filepond', title: 'FilePond (two at a time)', page: 'filepond', variant: '' },
  { id: 'vaadin', title: 'Vaadin Upload (three at a time)', page: 'vaadin', variant: '' },
];

const sendMade = (count: number) => (page: Page) =>
  page.evaluate(
    async (files, size) => {
      const bytes = crypto.getRandomValues(new Uint8Array(size));
      const made = Array.from(
        { length: files },
        (_, index) => new File([bytes], `file-${index}.bin`, { lastModified: 1_700_000_000_000 + index }),
      );
      const startedAt = performance.now();
      await globalThis.contender?.send?.(made);
      return performance.now() - startedAt;
    },
    count,
    SIZE,
  );

export const smallFiles: Scenario = {
  id: 'small-files',
  title: 'many small files',
  run: async (lab: Lab, { quick, repeats }: ScenarioOptions) => {
    const count = quick ? 100 : 500;
    const line = PROFILES.P2;
    const send = sendMade(count);
    const results = await measureTransfers({ lab, line, entries: ENTRIES, references: ['workers'], repeats, send });
    const table = transferTable(`${count} files of ${SIZE / 1024} KiB, ${line.title}`, results);
    const note = 'Vaadin and FilePond post to one URL, which needs one preflight; presigned URLs need one each.';
    return { tables: [{ ...table, notes: [...table.notes, note] }], data: { count, size: SIZE, ...results } };
  },
};
