/** What may be uploaded. The browser knows the same limits, but only here are they held. */

import { HttpError } from '../http/http-error.js';

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

/** @throws HttpError 413 or 415. */
export const checkFile = ({ name, size, type }: FileFacts, { maxFileSize, accept }: UploadLimits): void => {
  if (maxFileSize !== undefined && size > maxFileSize) {
    throw new HttpError(413, 'too-large', `the file is larger than ${maxFileSize} bytes`);
  }
  if (accept !== undefined && !isAccepted(name, type, accept)) {
    throw new HttpError(415, 'type-not-allowed', `only ${accept} may be uploaded`);
  }
};

/** An accept list without patterns accepts everything, as an empty attribute does. */
export const isAccepted = (name: string, type: string, accept: string): boolean => {
  const patterns = accept
    .toLowerCase()
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  const mime = type.toLowerCase().split(';', 1)[0]?.trim() ?? '';
  return patterns.length === 0 || patterns.some((pattern) => matches(pattern, name.toLowerCase(), mime));
};

const matches = (pattern: string, name: string, mime: string): boolean => {
  if (pattern.startsWith('.')) return name.endsWith(pattern);
  if (pattern === '*' || pattern === '*/*') return true;
  return pattern.endsWith('/*') ? mime.startsWith(pattern.slice(0, -1)) : mime === pattern;
};
