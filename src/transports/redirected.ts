import { UploadError } from '../ports/errors.js';

/** A redirect would carry our headers and bytes to whatever host it names. The path stays out: a grant's is secret. */
export const redirected = (url: string): UploadError =>
  new UploadError('protocol', `${new URL(url).origin} redirects; name the final URL`, { status: 302 });
