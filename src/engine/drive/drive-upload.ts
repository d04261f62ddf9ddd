/**
 * Drives one upload from admission to the stored file. Read `driveUpload` first: its three steps are those of the
 * protocol: open a session, send the parts, complete. Every step rejects with the reason of `run.signal` once it is
 * aborted.
 */

import { abortable } from '../../lib/abortable.js';
import { isUploadError, toUploadError, UploadError } from '../../ports/errors.js';
import { lazyCode } from '../../ports/lazy-code.js';
import type { Protocol, Receipt, Session, UploadResult } from '../../ports/protocol.js';
import type { PartLedger } from '../schedule/part-ledger.js';
import { fingerprintOf } from '../source/fingerprint.js';
import { makeDistinct } from '../upload/edits.js';
import { BRIEF } from '../upload/file-description.js';
import { plainMetadata } from '../upload/metadata.js';
import type { Upload } from '../upload/upload.js';
import { isAuthExpired } from './auth-expired.js';
import type { DriveContext, DriveInit } from './drive-context.js';
import { partsFor, sendParts } from './send-parts.js';
import { withFile } from './source-reader.js';
import { verifiedReceipts } from './verified-receipts.js';
import { Waits } from './waits.js';
import { withRetries } from './with-retries.js';

/** Time limit for releasing a session, in milliseconds; after it the session expires on the server. */
export const RELEASE_MS = 10_000;

/** @throws UploadError when the upload cannot continue. */
export const driveUpload = async (init: DriveInit): Promise<UploadResult> => {
  const run: DriveContext = { ...init, waits: new Waits(init.upload), startedOver: new Set(), reopened: new Map() };
  for (;;) {
    try {
      const session = await openSession(run);
      await sendParts(run, session);
      return await finish(run, session);
    } catch (error) {
      if (isUploadError(error) && error.code === 'unauthorized') await run.onUnauthorized();
      run.signal.throwIfAborted();
      const failure = toUploadError(error);
      if (!startOver(run, failure)) throw failure;
    }
  }
};

/** Opens or reopens the session, plans the parts and adopts the receipts that the server confirms. */
const openSession = async (run: DriveContext): Promise<Session> => {
  const { upload, signal } = run;
  if (needsPrepare(run)) await prepare(run);
  signal.throwIfAborted();
  if (upload.sourceCheck === 'failed') discardMixture(run);
  // A brief file without a handle is not sampled yet, because most are stored before anything is compared with them.
  if (upload.handle !== null || upload.facts.size > BRIEF) await sample(run);
  const isNew = upload.session === null && upload.restored?.session == null;
  const session = upload.session ?? (await withRetries(run, findSession));
  upload.session = session;
  const parts = upload.parts ?? fittingParts(run, session);
  parts.limits = session.limits;
  upload.parts = parts;
  if (!parts.isSingle) await sample(run);
  const inspect = () => inspectOwn(run, session, parts);
  const receipts = isNew ? null : await withRetries(run, inspect);
  signal.throwIfAborted();
  if (receipts !== null) {
    adoptServerReceipts(run, await withRetries(run, () => verifiedReceipts(run, session, receipts)));
  } else if (!isNew && run.startedOver.has('part-mismatch')) {
    throw new UploadError('session-lost', 'the server lost a part');
  }
  upload.dispatch({ type: 'opened' });
  run.checkpoint();
  run.onOpened();
  return session;
};

/** Reads the fingerprint once. It stays null without a file, which an upload that was sent before does not need. */
const sample = async (run: DriveContext): Promise<void> => {
  run.upload.fingerprint ??= run.upload.file && (await sampled(run));
};

/** True once before the upload is opened, and again when the prepared content was lost, for example by a reload. */
const needsPrepare = ({ upload, options }: DriveContext): boolean => {
  const { content, isOpened } = upload;
  const isDue = content.mustPrepareAgain || (!isOpened && options().prepare !== null && !content.wasPrepared);
  return content.chosen !== null && isDue;
};

/** Loaded on demand, because few pages prepare files. @throws UploadError `network`. */
export const loadPreparing = lazyCode('prepare', () => import('./prepare-file.js'));

const prepare = async (run: DriveContext): Promise<void> => {
  const { prepareFile } = await withRetries(run, loadPreparing);
  run.signal.throwIfAborted();
  await prepareFile(run);
};

/** Cancels the session when its limits cannot hold the file. */
const fittingParts = (run: DriveContext, session: Session): PartLedger => {
  try {
    return partsFor(run, session);
  } catch (error) {
    run.upload.session = null;
    release(session);
    throw error;
  }
};

/** A 403 means that the session belongs to another user: it counts as lost, unless the upload leaves the list. */
const inspectOwn = async (run: DriveContext, session: Session, parts: PartLedger) => {
  try {
    return await session.inspect({ signal: run.signal, parts: parts.all() });
  } catch (error) {
    const isForeign = isUploadError(error) && error.status === 403 && error.code === 'unauthorized';
    if (!isForeign) throw error;
    await run.onUnauthorized();
    throw error.with({ code: 'session-lost', retriable: false });
  }
};

/** The server's list replaces the local receipts; when confirmed bytes are missing from it, `onRetry` reports it. */
const adoptServerReceipts = (run: DriveContext, receipts: readonly Receipt[]): void => {
  const { upload, onRetry } = run;
  const before = upload.confirmedBytes;
  upload.adopt(receipts);
  if (upload.confirmedBytes >= before) return;
  onRetry(new UploadError('part-mismatch', 'the server lost a part'), 0);
};

const findSession = ({ upload, protocol, signal, list }: DriveContext): Promise<Session> => {
  const { restored, facts } = upload;
  if (restored?.session && restored.protocol) {
    return protocol.reopen(facts, restored.protocol, restored.session, { signal });
  }
  upload.opening ??= newSession(upload, protocol, list).finally(() => {
    upload.opening = null;
  });
  return abortable(upload.opening, signal);
};

/** A pause or a cancel does not abort the request: the server may have made the session, whose id is in the answer. */
const newSession = async (upload: Upload, protocol: Protocol, list: Iterable<Upload>): Promise<Session> => {
  const { id, lostSessions } = upload;
  upload.gone ??= new AbortController();
  const { signal } = upload.gone;
  plainMetadata(upload.facts.metadata);
  const isFlat = (await protocol.isFlat?.(upload.facts, { signal })) ?? false;
  if (isFlat) makeDistinct(upload, list);
  const user = (await protocol.user?.({ signal })) ?? null;
  upload.user ??= user;
  if (user !== null && user !== upload.user) throw new UploadError('unauthorized', 'another user is signed in');
  upload.session = await protocol.open(upload.facts, { signal, idempotencyKey: `${id}.${lostSessions}` });
  return upload.session;
};

/** Asks the server to assemble the file; the upload is done only when it confirms that. */
const finish = async (run: DriveContext, session: Session): Promise<UploadResult> => {
  const { upload, signal } = run;
  await assertUnchanged(run);
  upload.dispatch({ type: 'sent' });
  run.checkpoint();
  // Without its file a later page can finish only what is known to be one content. A brief part is soon sent again.
  if (upload.receipts.size > 1 || upload.facts.size > BRIEF) await run.corrected();
  signal.throwIfAborted();
  const receipts = [...upload.receipts.values()].sort((a, b) => a.number - b.number);
  return withRetries(run, () => session.complete(receipts, { signal }));
};

/**
 * Prepares another pass after a lost session (from zero) or a part missing at the end (found by asking the server);
 * once each. False when the failure ends the run.
 */
const startOver = (run: DriveContext, failure: UploadError): boolean => {
  const { upload } = run;
  // The run then ends with this failure, and the scheduler's `fail` event has no effect on a paused upload.
  if (isAuthExpired(upload, failure)) upload.dispatch({ type: 'pause', reason: 'needs-sign-in' });
  const isLost = failure.code === 'session-lost';
  const hasGap = failure.code === 'part-mismatch' && upload.state.kind === 'finishing';
  if (!(isLost || hasGap) || run.startedOver.has(failure.code)) return false;
  run.startedOver.add(failure.code);
  if (isLost) upload.forgetSession();
  run.onRetry(failure, 0);
  upload.dispatch({ type: 'start-over' });
  return true;
};

/** Needs the file, and pauses an upload that lacks it. @throws UploadError `source-changed`. */
const assertUnchanged = async (run: DriveContext): Promise<void> => {
  const { upload } = run;
  if (!upload.mayBeMixed) return;
  const now = await sampled(run);
  run.signal.throwIfAborted();
  upload.sourceCheck = now === upload.fingerprint ? 'passed' : 'failed';
  if (upload.mayBeMixed) throw new UploadError('source-changed', 'the file changed while it was being sent');
};

/** The server has parts of two contents: a further try begins at zero with the file as it is now. */
const discardMixture = (run: DriveContext): void => {
  const { upload, onRetry } = run;
  release(upload.session);
  upload.forgetSession();
  upload.fingerprint = null;
  onRetry(new UploadError('part-mismatch', 'the file changed while it was being sent'), 0);
};

/** Best effort: the session expires on the server otherwise. */
const release = (session: Session | null): void => {
  session?.cancel({ signal: AbortSignal.timeout(RELEASE_MS) }).catch(() => {});
};

const sampled = (run: DriveContext): Promise<string | null> =>
  withFile(run, (file) => fingerprintOf(file, run.ports.hasher));
