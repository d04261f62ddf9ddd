/** FilePond: a form of its own per file, or chunks one after another. */

import 'filepond/dist/filepond.min.css';
import * as FilePond from 'filepond';
import { place, STORAGE, variant } from '../support/page.ts';

const url = `${STORAGE}/store/filepond/`;
const pond = FilePond.create({
  allowMultiple: true,
  // Else every upload takes at least 0.75 s, for the eye.
  allowMinimumUploadDuration: false,
  chunkUploads: variant === 'chunked',
  server: { process: url, patch: url },
});
place().append(pond.element);

globalThis.contender = {
  send: (files) =>
    new Promise((resolve, reject) => {
      pond.onerror = (error) => reject(new Error(error.body ?? 'an upload failed'));
      pond.onprocessfiles = () => resolve();
      pond.addFiles(files).catch(reject);
    }),
  widget: {
    input: () => place().querySelector('input[type=file]'),
    listed: () => pond.getFiles().length,
    rows: () => place().querySelectorAll('.filepond--item').length,
    scroller: () => document.scrollingElement,
  },
};
