/** Code that few pages need, in a file of its own. */

import { UploadError } from './errors.js';

/** Loads it once, and again where it did not come. @throws UploadError `network`. */
export const lazyCode = <T>(what: string, load: () => Promise<T>): (() => Promise<T>) => {
  let code: T | null = null;
  return async () => {
    code ??= await load().catch((cause: unknown) => {
      throw new UploadError('network', `the code for ${what} could not be loaded`, { cause });
    });
    return code;
  };
};
