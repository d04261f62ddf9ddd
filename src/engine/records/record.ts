/** Converts uploads to records and back. */

import type { UploadRecord } from '../../ports/store.js';
import { PartLedger } from '../schedule/part-ledger.js';
import { BRIEF, isResumable } from '../upload/file-description.js';
import { type Metadata, plainMetadata } from '../upload/metadata.js';
import type { UploadStateName } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';
import { isTerminal } from '../upload/upload-state.js';
import { scopeOf, toTargetRecord } from './target-record.js';

/** Lifetime of a record after its last change, in milliseconds; equal to that of the gateway's tickets. */
export const RECORD_TTL_MS = 24 * 3600_000;

/** Null for metadata that JSON cannot hold; opening the upload reports that. */
const storable = (metadata: Metadata | null): Metadata | null => {
  try {
    return plainMetadata(metadata);
  } catch {
    return null;
  }
};

/** True when a later page could continue the upload. */
export const isWorthKeeping = ({ state }: Upload): boolean =>
  !isTerminal(state.kind) || (state.kind === 'failed' && state.error.retriable);

const UNDER_WAY: ReadonlySet<UploadStateName> = new Set(['preparing', 'uploading', 'waiting']);

/**
 * True while a brief file without a handle is under way whose session a later page has no use for: it is probably stored
 * soon, and else sent again as a whole.
 */
export const isBrief = (upload: Upload): boolean => {
  const { facts, handle, parts, receipts, state } = upload;
  const isSmall = facts.size <= BRIEF && handle === null && parts?.isSingle !== false;
  return isSmall && UNDER_WAY.has(state.kind) && receipts.size === 0 && !isResumable(upload);
};

/** What a record says beside its session and its times, for comparisons. */
export const contentOf = ({
  session,
  protocol,
  partSize,
  updatedAt,
  expiresAt,
  handle,
  ...content
}: UploadRecord): string => JSON.stringify(content);

/** Null when there is nothing to continue. */
export const recordOf = (upload: Upload, wallNow: number): UploadRecord | null => {
  const { session, restored, parts, target, facts } = upload;
  if (!isWorthKeeping(upload)) return null;
  return {
    id: upload.id,
    scope: scopeOf(target),
    ...upload.description,
    target: toTargetRecord(target),
    source: upload.content.recordFor(facts.name),
    metadata: storable(facts.metadata),
    user: upload.user,
    fingerprint: upload.fingerprint,
    handle: upload.handle,
    protocol: session?.protocol ?? restored?.protocol ?? null,
    session: session?.record ?? restored?.session ?? null,
    partSize: parts?.layout ?? null,
    ...(parts?.doubtedFrom != null && { doubtedFrom: parts.doubtedFrom }),
    ...(upload.mayBeMixed && { isUnchecked: true }),
    receipts: [...upload.receipts.values()],
    pausedByUser: upload.reason === 'user',
    createdAt: upload.createdAt,
    updatedAt: wallNow,
    expiresAt: Math.min(wallNow + RECORD_TTL_MS, sessionEnd(upload, wallNow)),
  };
};

/**
 * The session's expiry, after which the record is useless. One in the past is ignored, because a clock must be wrong;
 * the server then decides.
 */
const sessionEnd = ({ session, restored }: Upload, wallNow: number): number => {
  const end = (session === null ? restored?.expiresAt : session.expiresAt) ?? Number.POSITIVE_INFINITY;
  return end > wallNow ? end : Number.POSITIVE_INFINITY;
};

/** The parts of the record; null when the upload had not been opened. */
export const partsOf = ({ size, partSize, doubtedFrom }: UploadRecord): PartLedger | null => {
  if (partSize === null) return null;
  const parts =
    typeof partSize === 'number'
      ? PartLedger.uniform({ size, partSize, count: Math.max(1, Math.ceil(size / partSize)) })
      : PartLedger.free(size, {}, partSize);
  parts.doubtedFrom = doubtedFrom ?? null;
  return parts;
};

/** True when the server has every byte of one content, so that the upload can finish without its file. */
export const isFullySent = (record: UploadRecord): boolean => {
  const parts = partsOf(record);
  if (parts === null || record.session === null || record.isUnchecked === true) return false;
  const held = new Map(
    record.receipts.filter((receipt) => parts.matches(receipt)).map((receipt) => [receipt.number, receipt]),
  );
  return parts.isComplete(held);
};
