/** Counts of uploads that the engine's aggregate does not contain. Pure. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isTerminal } from '../../engine/upload/upload-state.js';

export interface Counts {
  readonly queued: number;
  /** Preparing, uploading, finishing, or waiting for something other than the user. */
  readonly active: number;
  readonly paused: number;
  readonly needsFile: number;
  readonly needsPermission: number;
  /** Waiting for a file, or for permission to read it. */
  readonly toFinish: number;
  /** The upload that starts next; null when none is queued. */
  readonly nextId: string | null;
  /** Uploads that can be paused. */
  readonly pausable: number;
  /** Whether an upload shows a countdown. */
  readonly counting: boolean;
  /** Whether an upload waits for the network. */
  readonly offline: boolean;
  /** Whether an upload has failed or is paused. */
  readonly stopped: boolean;
}

const known = new WeakMap<readonly UploadSnapshot[], Counts>();

/** Computed once for each list of snapshots. */
export const countUploads = (uploads: readonly UploadSnapshot[]): Counts => {
  const counts = known.get(uploads) ?? count(uploads);
  known.set(uploads, counts);
  return counts;
};

const count = (uploads: readonly UploadSnapshot[]): Counts => {
  let nextId: string | null = null;
  const counts = { queued: 0, active: 0, paused: 0, needsFile: 0, needsPermission: 0, pausable: 0 };
  const seen = { counting: false, offline: false, stopped: false };
  for (const { id, state, reason, resumesAt } of uploads) {
    if (reason === 'needs-file') counts.needsFile += 1;
    else if (reason === 'needs-permission') counts.needsPermission += 1;
    else if (state === 'queued') {
      counts.queued += 1;
      nextId ??= id;
    } else if (state === 'paused') counts.paused += 1;
    else if (!isTerminal(state)) {
      counts.active += 1;
      if (state !== 'finishing') counts.pausable += 1;
    }
    if (resumesAt !== null) seen.counting = true;
    if (reason === 'offline') seen.offline = true;
    if (state === 'failed' || state === 'paused') seen.stopped = true;
  }
  return { ...counts, ...seen, nextId, toFinish: counts.needsFile + counts.needsPermission };
};
