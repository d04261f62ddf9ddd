/** Where an upload goes, as its record has it. */

import type { TargetRecord } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';
import type { UploadTarget } from '../upload/target.js';

/** The list that shows an upload, as its record names it. */
export const scopeOf = ({ endpoint, list }: UploadTarget): string => `${endpoint} ${list}`;

/** Where a list looks for its records: earlier versions named the endpoint as the page wrote it. */
export const scopesOf = (target: UploadTarget, { endpoint, listName }: EngineOptions): readonly string[] => [
  ...new Set([scopeOf(target), `${endpoint} ${listName}`]),
];

export const toTargetRecord = (target: UploadTarget): TargetRecord => target;

/** Records of versions that kept none are taken for what the page says now. */
export const recalledTarget = (record: TargetRecord | null | undefined, now: UploadTarget): UploadTarget =>
  record ? Object.freeze({ ...now, ...(record as UploadTarget) }) : now;
