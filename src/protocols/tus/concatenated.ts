/** The request that makes one upload of several (extension `concatenation`). */

import { UploadError } from '../../ports/errors.js';
import type { CallOptions, UploadFacts, UploadResult } from '../../ports/protocol.js';
import { resultOf } from './sequential-session.js';
import type { TusContext } from './tus-server.js';
import { metadataOf, TusUpload } from './tus-upload.js';

export interface Pieces {
  readonly facts: UploadFacts;
  /** Of the uploads, in order; null for one that does not exist. */
  readonly urls: readonly (string | null)[];
}

/** @throws UploadError `part-mismatch` */
export const concatenated = async (
  context: TusContext,
  { facts, urls }: Pieces,
  options: CallOptions,
): Promise<UploadResult> => {
  if (urls.includes(null)) throw new UploadError('part-mismatch', 'the server has not taken the whole file');
  const { origin } = context.backend;
  const paths = urls.map((url) => (url !== null && new URL(url).origin === origin ? new URL(url).pathname : url));
  const about = { 'Upload-Concat': `final;${paths.join(' ')}`, 'Upload-Metadata': metadataOf(facts) };
  const whole = new TusUpload(context, about);
  await whole.create(options);
  return resultOf(whole);
};
