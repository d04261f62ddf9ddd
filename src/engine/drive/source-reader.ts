/**
 * Reads the file while it is being sent. A `File` becomes unreadable when the file on disk is touched, moved or locked;
 * where there is a handle, a new `File` is opened without asking the user.
 */

import { isUploadError, UploadError } from '../../ports/errors.js';
import { lazyCode } from '../../ports/lazy-code.js';
import type { SourceFile } from '../../ports/source.js';
import type { Upload } from '../upload/upload.js';
import type { DriveContext } from './drive-context.js';

/** Interval at which it is tested whether the page can read again, in milliseconds. */
const BLIND_MS = 500;

/** Loaded on demand, because few files become unreadable. @throws UploadError `network`. */
export const loadReopening = lazyCode('reopening', () => import('./reopen-file.js'));

/**
 * Calls `read` with the file of the upload, and again with a reopened one if it became unreadable while the file on
 * disk is still the same.
 * @throws UploadError `source-changed`: other content; `source-unreadable`: gone, locked, or no longer permitted.
 */
export const withFile = async <T>(run: DriveContext, read: (file: SourceFile) => Promise<T>): Promise<T> => {
  const file = run.upload.file ?? needFile(run.upload);
  try {
    return await read(file);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!isUploadError(error) || isTimeout(error)) throw error;
    await untilPageReads(run);
    // The handle opens the chosen file, not the result of `prepare`.
    if (run.upload.handle === null || run.upload.content.isOther) return await read(file);
    const { readAgain } = await loadReopening();
    run.signal.throwIfAborted();
    return await readAgain(run, file, read);
  }
};

/**
 * In WebKit a page that is being left can read nothing, not even blobs in memory, until the next page arrives. That is
 * not an error of the file, and must not end an upload that continues after a reload.
 */
const untilPageReads = async ({ ports, signal }: DriveContext): Promise<void> => {
  const canRead = () => new Blob(['x']).arrayBuffer().then(Boolean, () => false);
  while (!(await canRead())) await ports.clock.delay(BLIND_MS, { signal });
};

/** True when the drive did not answer in time. */
const isTimeout = ({ code, retriable }: UploadError): boolean => code === 'source-unreadable' && retriable;

/** Pauses the upload until its file returns. The error ends the run; the scheduler's `fail` has no effect then. */
export const needFile = (upload: Upload): never => {
  upload.content.lose();
  upload.dispatch({ type: 'pause', reason: 'needs-file' });
  throw new UploadError('source-unreadable', 'the file has to be chosen again');
};
