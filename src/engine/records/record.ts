/** An upload as the store keeps it, and back. */

import type { UploadRecord } from '../../ports/store.js';
import { PartLedger } from '../schedule/part-ledger.js';
import { type Metadata, plainMetadata } from '../upload/metadata.js';
import type { Upload } from '../upload/upload.js';
import { isTerminal } from '../upload/upload-state.js';
import { scopeOf, toTargetRecord } from './target-record.js';

/** Records are kept this long after their last change, in milliseconds; the gateway's tickets live as long. */
export const RECORD_TTL_MS = 24 * 3600_000;

/** What cannot be sent cannot be kept either, and its upload says so. */
const storable = (metadata: Metadata | null): Metadata | null => {
  try {
    return plainMetadata(metadata);
  } catch {
    return null;
  }
};

/** Whether there is anything that a later page could go on with. */
export const isWorthKeeping = ({ state }: Upload): boolean =>
  !isTerminal(state.kind) || (state.kind === 'failed' && state.error.retriable);

/** Null once it is not worth keeping. */
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
    receipts: [...upload.receipts.values()],
    pausedByUser: upload.reason === 'user',
    createdAt: upload.createdAt,
    updatedAt: wallNow,
    expiresAt: Math.min(wallNow + RECORD_TTL_MS, sessionEnd(upload, wallNow)),
  };
};

/**
 * A record without its session is of no use. An end that has passed already is not believed: then either clock is wrong,
 * and the server will say so itself.
 */
const sessionEnd = ({ session, restored }: Upload, wallNow: number): number => {
  const end = (session === null ? restored?.expiresAt : session.expiresAt) ?? Number.POSITIVE_INFINITY;
  return end > wallNow ? end : Number.POSITIVE_INFINITY;
};

/** The parts as the record knows them; null when its upload had not been opened. */
export const partsOf = ({ size, partSize, doubtedFrom }: UploadRecord): PartLedger | null => {
  if (partSize === null) return null;
  const parts =
    typeof partSize === 'number'
      ? PartLedger.uniform({ size, partSize, count: Math.max(1, Math.ceil(size / partSize)) })
      : PartLedger.free(size, {}, partSize);
  parts.doubtedFrom = doubtedFrom ?? null;
  return parts;
};

/** Whether every byte is on the server, so that no file is needed to finish. */
export const isFullySent = (record: UploadRecord): boolean => {
  const parts = partsOf(record);
  if (parts === null || record.session === null) return false;
  const held = new Map(
    record.receipts.filter((receipt) => parts.matches(receipt)).map((receipt) => [receipt.number, receipt]),
  );
  return parts.isComplete(held);
};
