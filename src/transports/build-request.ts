import { UploadError, type UploadErrorCode } from '../ports/errors.js';

/** Calls `build`. When the platform rejects the URL or a header, its message quotes the value, so it is replaced. */
export const buildRequest = <T>(build: () => T, code: UploadErrorCode): T => {
  try {
    return build();
  } catch {
    throw new UploadError(code, 'the URL or a header is not valid');
  }
};
