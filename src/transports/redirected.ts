import { UploadError } from '../ports/errors.js';
import { bareUrl } from './bare-url.js';

/** A redirect would carry our headers and bytes to whatever host it names. */
export const redirected = (url: string): UploadError =>
  new UploadError('protocol', `${bareUrl(url)} redirects; name the final URL`);
