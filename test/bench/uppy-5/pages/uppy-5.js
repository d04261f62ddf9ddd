/** Uppy, the release before: six requests over all files and parts. Multipart also below the 100 MiB where it begins. */

import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import { postJson, variant } from '../../support/page.ts';

const uppy = new Uppy({ autoProceed: false }).use(AwsS3, {
  shouldUseMultipart: variant === 'multipart',
  getUploadParameters: () => postJson('/app/s3/sign', { method: 'PUT' }),
  createMultipartUpload: () => postJson('/app/s3/create'),
  signPart: (_file, { uploadId, partNumber }) => postJson('/app/s3/sign', { method: 'PUT', uploadId, partNumber }),
  completeMultipartUpload: () => postJson('/app/s3/complete'),
  listParts: () => [],
  abortMultipartUpload: () => {},
});

globalThis.contender = {
  send: async (files) => {
    uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: 'bench' })));
    const { failed } = await uppy.upload();
    if (failed.length > 0) throw new Error(`${failed.length} uploads failed: ${failed[0].error}`);
  },
};
