/** Uppy, newest release: parts of one file one after another. Multipart also below the 100 MiB where it begins. */

import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import { postJson, variant } from '../support/page.ts';

const uppy = new Uppy({ autoProceed: false }).use(AwsS3, {
  shouldUseMultipart: variant === 'multipart',
  signRequest: (request) => postJson('/app/s3/sign', request),
});

globalThis.contender = {
  send: async (files) => {
    uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: 'bench' })));
    const { failed } = await uppy.upload();
    if (failed.length > 0) throw new Error(`${failed.length} uploads failed: ${failed[0].error}`);
  },
};
