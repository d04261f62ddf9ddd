import { UploadError, type UploadErrorCode } from '../ports/errors.js';

/** What `build` makes. When the platform refuses the URL or a header, its own message would quote the value: ours not. */
export const buildRequest = <T>(build: () => T, code: UploadErrorCode): T => {
  try {
    return build();
  } catch {
    throw new UploadError(code, 'the URL or a header is not valid');
  }
};
