/** Checks a file against the limits of the page and of the backend; the narrower one applies. Pure. */

import { isAccepted } from '../../lib/accept.js';
import type { RejectionCode } from '../../ports/errors.js';
import type { AnnouncedLimits } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { EngineOptions } from '../options.js';

export interface Rejection {
  readonly code: RejectionCode;
  /** For developers, in English. */
  readonly message: string;
}

export type Restrictions = Pick<EngineOptions, 'maxFiles' | 'maxFileSize' | 'minFileSize' | 'maxTotalSize'> & {
  /** All of these must accept the file. */
  readonly accepts: readonly string[];
};

/** The uploads on the list. */
export interface ListTotals {
  readonly count: number;
  /** Bytes. */
  readonly bytes: number;
}

/** The page's options and the backend's limits as one. */
export const restrictionsOf = (options: EngineOptions, announced: AnnouncedLimits | null): Restrictions => ({
  maxFiles: Math.min(options.maxFiles, announced?.maxFiles ?? Number.POSITIVE_INFINITY),
  maxFileSize: Math.min(options.maxFileSize, announced?.maxFileSize ?? Number.POSITIVE_INFINITY),
  minFileSize: options.minFileSize,
  maxTotalSize: options.maxTotalSize,
  accepts: [options.accept, announced?.accept ?? ''].filter((accept) => accept.trim() !== ''),
});

const reject = (code: RejectionCode, message: string): Rejection => ({ code, message });

export const checkFile = (
  file: Pick<SourceFile, 'name' | 'size' | 'type'>,
  limits: Restrictions,
  list: ListTotals,
): Rejection | null => {
  if (!limits.accepts.every((accept) => isAccepted(file, accept))) {
    return reject('rejected-type', `type "${file.type}" is not accepted`);
  }
  // An invalid limit is NaN and refuses every file, because comparisons with NaN are false.
  if (!(file.size <= limits.maxFileSize)) {
    return reject('rejected-size', `a file holds at most ${limits.maxFileSize} bytes`);
  }
  if (!(file.size >= limits.minFileSize)) {
    return reject('rejected-size', `a file holds at least ${limits.minFileSize} bytes`);
  }
  if (!(list.bytes + file.size <= limits.maxTotalSize)) {
    return reject('rejected-size', `the list holds at most ${limits.maxTotalSize} bytes`);
  }
  return list.count + 1 <= limits.maxFiles
    ? null
    : reject('rejected-count', `the list holds at most ${limits.maxFiles} files`);
};
