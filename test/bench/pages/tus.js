/** tus-js-client: the whole file in one request by default, or in six at once. */

import { Upload } from 'tus-js-client';
import { inWorkers, STORAGE, variant } from '../support/page.ts';

const sendOne = (file) =>
  new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: `${STORAGE}/store/tus`,
      parallelUploads: variant === 'parallel' ? 6 : 1,
      metadata: { filename: file.name },
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });

globalThis.contender = { send: (files) => inWorkers(6, files, sendOne) };
