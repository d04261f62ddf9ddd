/**
 * The states of an upload and their transitions, as a pure function. An event that a state does not allow has no
 * effect.
 *
 *   queued → preparing → uploading → finishing → done
 *
 * with `waiting` beside each of the first four, `paused` beside the first three (and beside `finishing` for a user who
 * is signed out), `failed` and `canceled` as ends.
 */

import type { UploadErrorInfo } from '../../ports/errors.js';
import type { UploadResult } from '../../ports/protocol.js';
import type { UploadStateName, WaitReason } from './snapshot.js';

/** States that only a command of the user leaves. */
type TerminalStateName = 'done' | 'failed' | 'canceled';

/** States in which the driver works. */
export type ActiveStateName = 'preparing' | 'uploading' | 'finishing';

export type UploadState =
  | { readonly kind: 'queued' }
  | { readonly kind: ActiveStateName }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'paused'; readonly reason: WaitReason }
  | {
      readonly kind: 'waiting';
      readonly reason: WaitReason;
      /** Milliseconds since 1970; null while unknown. */
      readonly resumesAt: number | null;
      readonly from: 'queued' | ActiveStateName;
    }
  | { readonly kind: 'done'; readonly result: UploadResult }
  | { readonly kind: 'failed'; readonly error: UploadErrorInfo };

export type UploadEvent =
  /** The scheduler starts it. */
  | { readonly type: 'admit' }
  /** The session is open. */
  | { readonly type: 'opened' }
  /** Every part has its receipt. */
  | { readonly type: 'sent' }
  /** The server lost the session or a part of it. */
  | { readonly type: 'start-over' }
  | { readonly type: 'wait'; readonly reason: WaitReason; readonly resumesAt: number | null }
  | { readonly type: 'proceed' }
  | { readonly type: 'pause'; readonly reason: WaitReason }
  | { readonly type: 'resume' }
  | { readonly type: 'stored'; readonly result: UploadResult }
  | { readonly type: 'fail'; readonly error: UploadErrorInfo }
  | { readonly type: 'restart' }
  | { readonly type: 'cancel' };

export const QUEUED: UploadState = { kind: 'queued' };

export const paused = (reason: WaitReason): UploadState => ({ kind: 'paused', reason });

const ACTIVE: ReadonlySet<UploadStateName> = new Set(['preparing', 'uploading', 'finishing']);
const TERMINAL: ReadonlySet<UploadStateName> = new Set(['done', 'failed', 'canceled']);

/** True when the upload has ended. */
export const isTerminal = (name: UploadStateName): name is TerminalStateName => TERMINAL.has(name);

const isActive = (state: UploadState): state is Extract<UploadState, { readonly kind: ActiveStateName }> =>
  ACTIVE.has(state.kind);

/** The state after the event; the same object when the event is not allowed. */
export const transition = (state: UploadState, event: UploadEvent): UploadState => {
  const { kind } = state;
  switch (event.type) {
    case 'admit':
      return kind === 'queued' ? { kind: 'preparing' } : state;
    case 'opened':
      return kind === 'preparing' ? { kind: 'uploading' } : state;
    case 'sent':
      return kind === 'uploading' ? { kind: 'finishing' } : state;
    case 'start-over':
      return isActive(state) ? { kind: 'preparing' } : state;
    case 'wait':
      return wait(state, event);
    case 'proceed':
      return state.kind === 'waiting' ? { kind: state.from } : state;
    case 'pause':
      return isPausable(state, event.reason) ? paused(event.reason) : state;
    case 'resume':
      return kind === 'paused' ? QUEUED : state;
    case 'stored':
      return kind === 'finishing' ? { kind: 'done', result: event.result } : state;
    case 'fail':
      return isActive(state) || kind === 'waiting' ? { kind: 'failed', error: event.error } : state;
    case 'restart':
      return kind === 'failed' || kind === 'canceled' ? QUEUED : state;
    case 'cancel':
      return isTerminal(kind) ? state : { kind: 'canceled' };
  }
};

const wait = (
  state: UploadState,
  { reason, resumesAt }: { readonly reason: WaitReason; readonly resumesAt: number | null },
): UploadState => {
  if (state.kind === 'queued' || isActive(state)) {
    return { kind: 'waiting', reason, resumesAt, from: state.kind };
  }
  return state.kind === 'waiting' ? { ...state, reason, resumesAt } : state;
};

/** A paused upload may change its reason; a finishing one has sent everything, and pauses only for a sign-in. */
const isPausable = ({ kind }: UploadState, reason: WaitReason): boolean =>
  !isTerminal(kind) && (kind !== 'finishing' || reason === 'needs-sign-in');
