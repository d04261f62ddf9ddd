/**
 * The file while it is being sent. A `File` dies when what it stands for is touched, moved or locked; where there is a
 * handle, a new one is had without a question to the user.
 */

import { isUploadError, UploadError } from '../../ports/errors.js';
import type { SourceFile } from '../../ports/source.js';
import type { DriveContext } from '../drive/drive-context.js';
import type { Upload } from '../upload/upload.js';
import { findFile, type Need } from './file-access.js';
import { isSame } from './fingerprint.js';

/** Between looks at whether the page can read again, in milliseconds. */
const BLIND_MS = 500;

/**
 * Does `read` with the file of the upload, and once more, with a new one if that died and the file on disk is still the
 * same.
 * @throws UploadError `source-changed`: other content; `source-unreadable`: gone, locked, or no longer permitted.
 */
export const withFile = async <T>(run: DriveContext, read: (file: SourceFile) => Promise<T>): Promise<T> => {
  const file = run.upload.file ?? needFile(run.upload);
  try {
    return await read(file);
  } catch (error) {
    run.signal.throwIfAborted();
    if (!isUploadError(error) || hangs(error)) throw error;
    await untilPageReads(run);
    // The handle leads to the chosen file, and not to what was made of it.
    if (run.upload.handle === null || run.upload.content.isOther) return await read(file);
    return await read(await renewedOnce(run, file)).catch(rethrowLocked);
  }
};

/**
 * A page that is being left reads nothing any more in WebKit, not even its own memory, as long as the next page is on its
 * way. That says nothing of the file, and must not end an upload that is to go on after a reload.
 */
const untilPageReads = async ({ ports, signal }: DriveContext): Promise<void> => {
  const canRead = () => new Blob(['x']).arrayBuffer().then(Boolean, () => false);
  while (!(await canRead())) await ports.clock.delay(BLIND_MS, { signal });
};

/** The drive did not answer, and may later. */
const hangs = ({ code, retriable }: UploadError): boolean => code === 'source-unreadable' && retriable;

/** What was there unchanged a moment ago and cannot be read is locked, or may not be read any more. */
const rethrowLocked = (cause: unknown): never => {
  if (!isUploadError(cause) || hangs(cause)) throw cause;
  throw new UploadError('source-unreadable', 'the file can no longer be read', { cause });
};

/** Without its file an upload can only wait for it; the pause ends this run. */
export const needFile = (upload: Upload, reason: Need = 'needs-file'): never => {
  upload.content.lose();
  upload.dispatch({ type: 'pause', reason });
  throw new UploadError('source-unreadable', 'the file has to be chosen again');
};

/** Lanes find the file dead at the same time. */
const renewedOnce = (run: DriveContext, dead: SourceFile): Promise<SourceFile> => {
  const renewal = run.renewals.get(dead) ?? renewed(run, dead);
  run.renewals.set(dead, renewal);
  return renewal;
};

const renewed = async ({ upload, ports, renewals }: DriveContext, dead: SourceFile): Promise<SourceFile> => {
  const access = await findFile(upload.handle);
  if ('needs' in access) {
    if (access.needs === 'needs-permission') return needFile(upload, access.needs);
    throw new UploadError('source-unreadable', 'the file can no longer be read');
  }
  const { file } = access;
  const isTouched = file.lastModified !== dead.lastModified;
  const { fingerprint } = upload;
  const known = { name: dead.name, size: dead.size, lastModified: dead.lastModified, fingerprint };
  const isEqual = await isSame(known, file, ports.hasher).catch(rethrowLocked);
  // Samples tell a touched file from another one, not from one that is still being written: that is touched again.
  const wasTouched = [...renewals.keys()].some((other) => other !== dead && other.lastModified !== dead.lastModified);
  if (!isEqual || (isTouched && wasTouched)) {
    throw new UploadError('source-changed', 'the file changed while it was being sent');
  }
  upload.content.attach(file);
  return file;
};
