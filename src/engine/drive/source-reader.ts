/**
 * Reads the file while it is being sent. A `File` becomes unreadable when the file on disk is touched, moved or locked;
 * where there is a handle, a new `File` is opened without asking the user.
 */

import { isUploadError, UploadError } from '../../ports/errors.js';
import type { SourceFile } from '../../ports/source.js';
import { findFile, type Need } from '../source/file-access.js';
import { isSame } from '../source/fingerprint.js';
import type { Upload } from '../upload/upload.js';
import type { DriveContext } from './drive-context.js';

/** Interval at which it is tested whether the page can read again, in milliseconds. */
const BLIND_MS = 500;

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
    return await read(await renewedOnce(run, file)).catch(rethrowLocked);
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

/** The file was found unchanged a moment ago, so any other error means that it is locked or no longer permitted. */
const rethrowLocked = (cause: unknown): never => {
  if (!isUploadError(cause) || isTimeout(cause)) throw cause;
  throw new UploadError('source-unreadable', 'the file can no longer be read', { cause });
};

/**
 * Pauses the upload until its file returns. The thrown error ends the run; the scheduler's `fail` has no effect then.
 */
export const needFile = (upload: Upload, reason: Need = 'needs-file'): never => {
  upload.content.lose();
  upload.dispatch({ type: 'pause', reason });
  throw new UploadError('source-unreadable', 'the file has to be chosen again');
};

/** Lanes find the file unreadable at the same time, and share one renewal. */
const renewedOnce = (run: DriveContext, stale: SourceFile): Promise<SourceFile> => {
  const renewal = run.renewals.get(stale) ?? renewed(run, stale);
  run.renewals.set(stale, renewal);
  return renewal;
};

const renewed = async ({ upload, ports, renewals }: DriveContext, stale: SourceFile): Promise<SourceFile> => {
  const access = await findFile(upload.handle);
  if ('needs' in access) {
    if (access.needs === 'needs-permission') return needFile(upload, access.needs);
    throw new UploadError('source-unreadable', 'the file can no longer be read');
  }
  const { file } = access;
  const isTouched = file.lastModified !== stale.lastModified;
  const { fingerprint } = upload;
  const known = { name: stale.name, size: stale.size, lastModified: stale.lastModified, fingerprint };
  const isEqual = await isSame(known, file, ports.hasher).catch(rethrowLocked);
  // Samples cannot detect a file that is still being written, but such a file is touched again.
  const wasTouched = [...renewals.keys()].some((other) => other !== stale && other.lastModified !== stale.lastModified);
  if (!isEqual || (isTouched && wasTouched)) {
    throw new UploadError('source-changed', 'the file changed while it was being sent');
  }
  upload.content.attach(file);
  return file;
};
