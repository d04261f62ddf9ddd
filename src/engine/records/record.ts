/** An upload as the store keeps it, and back. */

import type { UploadRecord } from '../../ports/store.js';
import { type PartPlan, partLength, partOf } from '../schedule/part-plan.js';
import type { Upload } from '../upload/upload.js';
import { isTerminal } from '../upload/upload-state.js';

/** Records are kept this long after their last change, in milliseconds; the gateway's tickets live as long. */
export const RECORD_TTL_MS = 24 * 3600_000;

/** Whether there is anything that a later page could go on with. */
export const isWorthKeeping = ({ state }: Upload): boolean =>
  !isTerminal(state.kind) || (state.kind === 'failed' && state.error.retriable);

/** Null once it is not worth keeping. */
export const recordOf = (upload: Upload, scope: string, wallNow: number): UploadRecord | null => {
  const { session, restored, plan } = upload;
  if (!isWorthKeeping(upload)) return null;
  return {
    id: upload.id,
    scope,
    ...upload.description,
    fingerprint: upload.fingerprint,
    handle: upload.handle,
    protocol: session?.protocol ?? restored?.protocol ?? null,
    session: session?.record ?? restored?.session ?? null,
    partSize: plan?.partSize ?? null,
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

/** The plan that the record was made with; null when its upload had not been opened. */
export const planOf = ({ size, partSize }: UploadRecord): PartPlan | null =>
  partSize === null ? null : { size, partSize, count: Math.max(1, Math.ceil(size / partSize)) };

/** Whether every byte is on the server, so that no file is needed to finish. */
export const isFullySent = (record: UploadRecord): boolean => {
  const plan = planOf(record);
  if (plan === null || record.session === null) return false;
  const sizes = new Map(record.receipts.map(({ number, size }) => [number, size]));
  for (let number = 1; number <= plan.count; number++) {
    if (sizes.get(number) !== partLength(partOf(plan, number))) return false;
  }
  return true;
};
