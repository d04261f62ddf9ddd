/** What the element is worth to a form: its entries, and whether they may be sent. Pure. */

import type { AggregateProgress, UploadSnapshot } from '../engine/snapshot.js';
import type { Localizer } from './localizer.js';

export interface Verdict {
  readonly flags: ValidityStateFlags;
  /** Empty when valid. */
  readonly message: string;
}

const VALID: Verdict = { flags: {}, message: '' };

/** File ids of finished uploads, in the order of the list. */
export const fileIdsOf = (uploads: readonly UploadSnapshot[]): string[] =>
  uploads.flatMap(({ state, fileId }) => (state === 'done' && fileId !== null ? [fileId] : []));

/** One entry for each id under the same name, as for several files of an input; null adds nothing to the form. */
export const toEntries = (name: string, fileIds: readonly string[]): FormData | null => {
  if (name === '' || fileIds.length === 0) return null;
  const entries = new FormData();
  for (const fileId of fileIds) entries.append(name, fileId);
  return entries;
};

/** The ids that a form kept across a reload; none when the state is not ours. */
export const readFormState = (state: unknown): string[] => {
  if (typeof state !== 'string') return [];
  try {
    const ids: unknown = JSON.parse(state);
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
};

export interface FormFacts {
  readonly required: boolean;
  readonly count: number;
  readonly progress: AggregateProgress;
  /** Set by the page; wins over everything else. */
  readonly customMessage: string;
}

/** A form must not be sent while files are under way, failed, or missing though required. */
export const judge = ({ required, count, progress, customMessage }: FormFacts, texts: Localizer): Verdict => {
  if (customMessage !== '') return { flags: { customError: true }, message: customMessage };
  if (progress.pending > 0) return { flags: { customError: true }, message: texts.text('valuePending') };
  if (progress.failed > 0) return { flags: { customError: true }, message: texts.text('valueFailed') };
  return required && count === 0 ? { flags: { valueMissing: true }, message: texts.text('valueMissing') } : VALID;
};
