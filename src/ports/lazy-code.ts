/** Code in a file of its own, because not every page needs it. */

import { isUploadError, UploadError } from './errors.js';

/** Loads it once for all callers, and again where it did not come. @throws UploadError `network`. */
export const lazyCode = <T>(what: string, load: () => Promise<T>): (() => Promise<T>) => {
  let code: Promise<T> | null = null;
  return () => {
    code ??= load().catch((cause: unknown) => {
      code = null;
      if (isUploadError(cause)) throw cause;
      throw new UploadError('network', `the code for ${what} could not be loaded`, { cause });
    });
    return code;
  };
};
