/** Opens a file again by its handle after it became unreadable, without asking the user. */

import { isUploadError, UploadError } from '../../ports/errors.js';
import type { SourceFile } from '../../ports/source.js';
import { findFile } from '../source/file-access.js';
import { isEqual } from '../source/fingerprint.js';
import type { DriveContext } from './drive-context.js';

/**
 * Calls `read` with the file on disk in place of `stale`. Pauses the upload when the user has to permit it.
 * @throws UploadError `source-changed`: other content; `source-unreadable`: gone, locked, or no longer permitted.
 */
export const readAgain = async <T>(
  run: DriveContext,
  stale: SourceFile,
  read: (file: SourceFile) => Promise<T>,
): Promise<T> => {
  // Several lanes may find the file unreadable at once; they share one reopened file.
  const reopening = run.reopened.get(stale) ?? reopen(run, stale);
  run.reopened.set(stale, reopening);
  return read(await reopening).catch(rethrowLocked);
};

/** The file was just found on disk, so an error that lasts means that it is locked or no longer permitted. */
const rethrowLocked = (cause: unknown): never => {
  if (!isUploadError(cause) || cause.retriable) throw cause;
  throw new UploadError('source-unreadable', 'the file can no longer be read', { cause });
};

const reopen = async ({ upload, ports, reopened }: DriveContext, stale: SourceFile): Promise<SourceFile> => {
  const access = await findFile(upload.handle);
  if ('needs' in access) {
    if (access.needs === 'needs-permission') {
      upload.content.lose();
      upload.dispatch({ type: 'pause', reason: access.needs });
    }
    throw new UploadError('source-unreadable', 'the file can no longer be read');
  }
  const { file } = access;
  const isTouched = file.lastModified !== stale.lastModified;
  const { fingerprint } = upload;
  const known = { name: stale.name, size: stale.size, lastModified: stale.lastModified, fingerprint };
  const isUnchanged = await isEqual(known, file, ports.hasher).catch(rethrowLocked);
  // Samples cannot detect a file that is still being written, but such a file is touched again.
  const wasTouched = [...reopened.keys()].some((other) => other !== stale && other.lastModified !== stale.lastModified);
  if (!isUnchanged || (isTouched && wasTouched)) {
    throw new UploadError('source-changed', 'the file changed while it was being sent');
  }
  upload.content.attach(file);
  return file;
};
