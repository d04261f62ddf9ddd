/** Limits of uploads. The browser checks the same limits, but only the gateway enforces them. */

import { isAccepted } from '../../lib/accept.js';
import { addTypes } from '../../lib/types/file-types.js';
import { MORE_TYPES } from '../../lib/types/more-file-types.js';
import { HttpError } from '../http/http-error.js';
import { check, isWithin } from '../options/check.js';

addTypes(MORE_TYPES);

export interface UploadLimits {
  /** Bytes, inclusive. @default unlimited */
  readonly maxFileSize?: number;
  /**
   * Maximum number of files in the list, from 1. The gateway, which sees single requests, enforces it for the files of
   * one batch or form. @default unlimited
   */
  readonly maxFiles?: number;
  /** Accepted types, as in the `accept` attribute of a file input: `.pdf,image/*,text/csv`. @default all */
  readonly accept?: string;
}

export interface FileFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
}

/** Checks the limits of an option or a hook. @throws TypeError that names the field. */
export const checkLimits = ({ maxFileSize, maxFiles, accept }: UploadLimits, owner: string): void => {
  check(maxFileSize === undefined || isWithin(maxFileSize, 0), `${owner}.maxFileSize must be a number of bytes`);
  check(maxFiles === undefined || isWithin(maxFiles, 1), `${owner}.maxFiles must be a whole number from 1`);
  check(accept === undefined || typeof accept === 'string', `${owner}.accept must be a string`);
};

/** @throws HttpError 413 or 415. */
export const checkFile = ({ name, size, type }: FileFacts, { maxFileSize, accept }: UploadLimits): void => {
  if (maxFileSize !== undefined && size > maxFileSize) {
    throw new HttpError(413, 'too-large', `the file is larger than ${maxFileSize} bytes`);
  }
  if (accept !== undefined && !isAccepted({ name, type }, accept)) {
    throw new HttpError(415, 'type-not-allowed', `only ${accept} may be uploaded`);
  }
};
