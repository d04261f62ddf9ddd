/** What may be uploaded. The browser knows the same limits, but only here are they held. */

import { isAccepted } from '../../lib/accept.js';
import { HttpError } from '../http/http-error.js';
import { check, isWithin } from '../options/check.js';

export interface UploadLimits {
  /** Bytes, inclusive. @default unlimited */
  readonly maxFileSize?: number;
  /**
   * Most files of one selection, from 1. The browser counts its list; the gateway, which sees single requests, holds it
   * for the files of one batch. @default unlimited
   */
  readonly maxFiles?: number;
  /** As the `accept` attribute of a file input: `.pdf,image/*,text/csv`. @default everything */
  readonly accept?: string;
}

export interface FileFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
}

/** @throws TypeError that names the field, for limits that an option or a hook gives. */
export const checkLimits = ({ maxFileSize, maxFiles, accept }: UploadLimits, owner: string): void => {
  check(maxFileSize === undefined || isWithin(maxFileSize, 0), `${owner}.maxFileSize is a number of bytes`);
  check(maxFiles === undefined || isWithin(maxFiles, 1), `${owner}.maxFiles is a whole number from 1`);
  check(accept === undefined || typeof accept === 'string', `${owner}.accept is a string`);
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
