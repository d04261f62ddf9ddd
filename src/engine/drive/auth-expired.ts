/** What a session of the user that ends in the middle means for an upload. */

import type { UploadError } from '../../ports/errors.js';
import type { Upload } from '../upload/upload.js';

/**
 * The backend no longer knows the user (401), but something of the upload is there: it waits for the sign-in instead of
 * being given up. One that has not begun fails, because then the page is set up wrongly, or uploads are not allowed at all.
 */
export const isAuthExpired = ({ session, restored }: Upload, { code, status }: UploadError): boolean =>
  code === 'unauthorized' && status === 401 && (session ?? restored?.session ?? null) !== null;
