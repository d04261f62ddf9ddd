import { UploadError } from '../ports/errors.js';

/** The error of a redirect, which is never followed. Its message has no path, because a grant's path is secret. */
export const redirected = (url: string): UploadError =>
  new UploadError('protocol', `${new URL(url).origin} redirects; name the final URL`, { status: 302 });
