/** Computes the form entries and the validity of the element. Pure. */

import type { StoredFile } from '../../engine/upload/file-description.js';
import type { AggregateProgress, UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isObject, parseJson } from '../../lib/json.js';
import type { Localizer } from '../language/localizer.js';

export interface Validity {
  readonly flags: ValidityStateFlags;
  /** Empty when valid. */
  readonly message: string;
}

const VALID: Validity = { flags: {}, message: '' };

/** File ids of finished uploads, in the order of the list. */
export const fileIdsOf = (uploads: readonly UploadSnapshot[]): string[] =>
  uploads.flatMap(({ fileId }) => fileId ?? []);

/** The finished uploads for the browser to keep with the form: only what the list shows of them. */
export const toFormState = (uploads: readonly UploadSnapshot[]): string =>
  JSON.stringify(
    uploads.flatMap(({ fileId, name, size, type, lastModified, relativePath }) =>
      fileId === null ? [] : { fileId, name, size, type, lastModified, relativePath },
    ),
  );

const isStored = (file: unknown): file is StoredFile =>
  isObject(file) && typeof file.fileId === 'string' && typeof file.name === 'string' && typeof file.size === 'number';

/** The files that a form kept across a reload; empty when the state is not from this element. */
export const readFormState = (state: unknown): StoredFile[] => {
  const files = parseJson(String(state));
  return Array.isArray(files) ? files.filter(isStored) : [];
};

export interface FormFacts {
  readonly required: boolean;
  readonly count: number;
  readonly progress: AggregateProgress;
  /** Number of uploads that wait for the user. */
  readonly paused: number;
  /** The form is held until the files are stored. */
  readonly submitWhenDone: boolean;
  /** Set by the page; takes precedence over everything else. */
  readonly customMessage: string;
}

/** Invalid while uploads are running or failed, and when a required file is missing. */
export const validityOf = (facts: FormFacts, texts: Localizer): Validity => {
  const { required, count, progress, paused, submitWhenDone, customMessage } = facts;
  const { pending, failed } = progress;
  const invalid = (message: string): Validity => ({ flags: { customError: true }, message });
  if (customMessage !== '') return invalid(customMessage);
  if (pending > 0 && paused === pending) return invalid(texts.text('valuePaused'));
  if (pending > 0 && !submitWhenDone) return invalid(texts.text('valuePending'));
  if (failed > 0) return invalid(texts.text('valueFailed'));
  const isMissing = required && count + pending === 0;
  return isMissing ? { flags: { valueMissing: true }, message: texts.text('valueMissing') } : VALID;
};
