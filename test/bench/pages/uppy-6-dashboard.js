/** Uppy with its Dashboard, which is what its users see. Starts by itself, as the others do. */

import '@uppy/core/css/style.min.css';
import '@uppy/dashboard/css/style.min.css';
import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import Dashboard from '@uppy/dashboard';
import { place, postJson, variant } from '../support/page.ts';

const uppy = new Uppy({ autoProceed: true }).use(Dashboard, { target: place(), inline: true }).use(AwsS3, {
  shouldUseMultipart: variant === 'multipart',
  signRequest: (request) => postJson('/app/s3/sign', request),
});

globalThis.contender = {
  send: (files) =>
    new Promise((resolve, reject) => {
      uppy.on('complete', ({ successful }) =>
        successful.length === files.length ? resolve() : reject(new Error('an upload failed')),
      );
      uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: 'bench' })));
    }),
  widget: {
    input: () => place().querySelector('.uppy-Dashboard-input'),
    listed: () => Object.keys(uppy.getState().files).length,
    rows: () => place().querySelectorAll('.uppy-Dashboard-Item').length,
    scroller: () => place().querySelector('.uppy-Dashboard-files'),
  },
};
