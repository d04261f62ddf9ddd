/** Converts targets to records and back. */

import type { TargetRecord } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';
import type { UploadTarget } from '../upload/target.js';

/** The key under which a list finds its records. */
export const scopeOf = ({ endpoint, list }: UploadTarget): string => `${endpoint} ${list}`;

/** All keys under which a list looks for its records: earlier versions used the endpoint as the page wrote it. */
export const scopesOf = (target: UploadTarget, { endpoint, listName }: EngineOptions): readonly string[] => [
  ...new Set([scopeOf(target), `${endpoint} ${listName}`]),
];

export const toTargetRecord = (target: UploadTarget): TargetRecord => target;

/** Records of versions without a target get the page's current one. */
export const recalledTarget = (record: TargetRecord | null | undefined, now: UploadTarget): UploadTarget =>
  record ? Object.freeze({ ...now, ...(record as UploadTarget) }) : now;
