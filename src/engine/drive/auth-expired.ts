/** Detects that the user's login at the backend expired while an upload was under way. */

import type { UploadError } from '../../ports/errors.js';
import type { Upload } from '../upload/upload.js';

/**
 * A 401 after a session was opened: the upload keeps its session and waits for the user to sign in. A 401 before that
 * is an error of the page's setup, or uploads are not allowed at all, so the upload fails.
 */
export const isAuthExpired = ({ session, restored }: Upload, { code, status }: UploadError): boolean =>
  code === 'unauthorized' && status === 401 && (session ?? restored?.session ?? null) !== null;
