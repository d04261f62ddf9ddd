/** UpChunk: chunks one after another, 30 MiB each unless told otherwise. */

import { createUpload } from '@mux/upchunk';
import { inWorkers, STORAGE } from '../support/page.ts';

const sendOne = (file) =>
  new Promise((resolve, reject) => {
    const upload = createUpload({ endpoint: `${STORAGE}/store/upchunk/${crypto.randomUUID()}`, file });
    upload.on('success', () => resolve());
    upload.on('error', ({ detail }) => reject(new Error(detail.message)));
  });

globalThis.contender = { send: (files) => inWorkers(6, files, sendOne) };
