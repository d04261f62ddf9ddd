/**
 * The life of one upload from admission to the stored file. Read `driveUpload` first: it says what the protocol's own
 * description says. Everything here stops when `run.signal` is aborted, and rejects with its reason.
 */

import { abortable } from '../../lib/abortable.js';
import { KiB } from '../../lib/byte-size.js';
import { isUploadError, toUploadError, UploadError } from '../../ports/errors.js';
import { laterCode } from '../../ports/later-code.js';
import type { Protocol, Receipt, Session, UploadResult } from '../../ports/protocol.js';
import type { PartLedger } from '../schedule/part-ledger.js';
import { Waits } from '../schedule/waits.js';
import { withRetries } from '../schedule/with-retries.js';
import { fingerprintOf } from '../source/fingerprint.js';
import { withFile } from '../source/source-reader.js';
import { makeDistinct } from '../upload/edits.js';
import { plainMetadata } from '../upload/metadata.js';
import type { Upload } from '../upload/upload.js';
import { isAuthExpired } from './auth-expired.js';
import type { DriveContext, DriveInit } from './drive-context.js';
import { partsFor, sendParts } from './send-parts.js';
import { verifiedReceipts } from './verified-receipts.js';

/** Up to so many bytes a file goes in one part. */
const BRIEF = 64 * KiB;

/** A session is released within this time or not at all, in milliseconds: the server lets it expire anyway. */
const RELEASE_MS = 10_000;

/** @throws UploadError when it cannot go on. */
export const driveUpload = async (init: DriveInit): Promise<UploadResult> => {
  const run: DriveContext = { ...init, waits: new Waits(init.upload), startedOver: new Set(), renewals: new Map() };
  for (;;) {
    try {
      const session = await openSession(run);
      await sendParts(run, session);
      return await finish(run, session);
    } catch (error) {
      if (isUploadError(error) && error.code === 'unauthorized') await run.onUnauthorized();
      startOver(run, error);
    }
  }
};

/** The session, new or found again, with its plan and with the receipts that hold. */
const openSession = async (run: DriveContext): Promise<Session> => {
  const { upload, signal } = run;
  if (isToPrepare(run)) await prepare(run);
  signal.throwIfAborted();
  if (isToSample(run)) upload.fingerprint ??= await sampled(run);
  const isNew = upload.session === null && upload.restored?.session == null;
  const session = upload.session ?? (await withRetries(run, findSession));
  upload.session = session;
  const parts = upload.parts ?? fittingParts(run, session);
  parts.limits = session.limits;
  upload.parts = parts;
  const inspect = () => inspectOwn(run, session, parts);
  const receipts = isNew ? null : await withRetries(run, inspect);
  signal.throwIfAborted();
  if (receipts !== null) believe(run, await withRetries(run, () => verifiedReceipts(run, session, receipts)));
  else if (!isNew && run.startedOver.has('part-mismatch')) {
    throw new UploadError('session-lost', 'the server lost a part and cannot tell which');
  }
  upload.dispatch({ type: 'opened' });
  run.checkpoint();
  run.onOpened();
  return session;
};

/** What is kept nowhere has to be known again only where it is long on its way, or may be had again by its handle. */
const isToSample = ({ upload: { file, facts, handle }, options }: DriveContext): boolean =>
  file !== null && (options.resume || handle !== null || facts.size > BRIEF);

/** Once, before the upload is opened; again where an earlier page made what was being sent. */
const isToPrepare = ({ upload, options }: DriveContext): boolean => {
  const { content, isOpened } = upload;
  const isDue = content.isToRemake || (!isOpened && options.prepare !== null && !content.isAsked);
  return content.chosen !== null && isDue;
};

/** Few pages prepare files. @throws UploadError `network`. */
export const loadPreparing = laterCode('prepare', () => import('../source/prepare-file.js'));

const prepare = async (run: DriveContext): Promise<void> => {
  const { prepareFile } = await withRetries(run, loadPreparing);
  run.signal.throwIfAborted();
  await prepareFile(run);
};

/** A file that no parts can hold leaves no session behind. */
const fittingParts = (run: DriveContext, session: Session): PartLedger => {
  try {
    return partsFor(run, session);
  } catch (error) {
    run.upload.session = null;
    session.cancel({ signal: AbortSignal.timeout(RELEASE_MS) }).catch(() => {});
    throw error;
  }
};

/** A session that is another user's by now is as good as lost: the file begins anew, if it is not that user's. */
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

/** The server's word counts; that it has less than it had confirmed is said aloud. */
const believe = (run: DriveContext, receipts: readonly Receipt[]): void => {
  const { upload, onRetry } = run;
  const before = upload.confirmedBytes;
  upload.adopt(receipts);
  if (upload.confirmedBytes >= before) return;
  upload.attempt += 1;
  onRetry(new UploadError('part-mismatch', 'the server lost a part'), 0);
};

const findSession = ({ upload, protocol, signal, list }: DriveContext): Promise<Session> => {
  const { restored, facts } = upload;
  if (restored?.session && restored.protocol) {
    return protocol.reopen(facts, restored.protocol, restored.session, { signal });
  }
  upload.opening ??= newSession(upload, protocol, list);
  return abortable(upload.opening, signal);
};

/** Not cut short by a pause or a cancel: the server may have made the session already, and its id is in the answer. */
const newSession = async (upload: Upload, protocol: Protocol, list: Iterable<Upload>): Promise<Session> => {
  const { id, gone, lostSessions } = upload;
  const { signal } = gone;
  try {
    plainMetadata(upload.facts.metadata);
    const isFlat = (await protocol.isFlat?.(upload.facts, { signal })) ?? false;
    if (isFlat) makeDistinct(upload, list, { isFlat });
    const user = (await protocol.user?.({ signal })) ?? null;
    upload.user ??= user;
    if (user !== null && user !== upload.user) throw new UploadError('unauthorized', 'another user is signed in');
    upload.session = await protocol.open(upload.facts, { signal, idempotencyKey: `${id}.${lostSessions}` });
    return upload.session;
  } finally {
    upload.opening = null;
  }
};

/** The server puts the file together; only its answer makes the upload done. */
const finish = async (run: DriveContext, session: Session): Promise<UploadResult> => {
  const { upload, signal } = run;
  upload.dispatch({ type: 'sent' });
  run.checkpoint();
  await assertUnchanged(run);
  const receipts = [...upload.receipts.values()].sort((a, b) => a.number - b.number);
  return withRetries(run, () => session.complete(receipts, { signal }));
};

/** Once each, and said aloud: a lost session begins at zero, a missing part is looked up and sent again. */
const startOver = (run: DriveContext, error: unknown): void => {
  run.signal.throwIfAborted();
  const { upload } = run;
  const failure = toUploadError(error);
  // As without its file, the pause ends this run.
  if (isAuthExpired(upload, failure)) upload.dispatch({ type: 'pause', reason: 'needs-sign-in' });
  const isLost = failure.code === 'session-lost';
  const hasGap = failure.code === 'part-mismatch' && upload.state.kind === 'finishing';
  if (!(isLost || hasGap) || run.startedOver.has(failure.code)) throw failure;
  run.startedOver.add(failure.code);
  if (isLost) upload.forgetSession();
  upload.attempt += 1;
  run.onRetry(failure, 0);
  upload.dispatch({ type: 'start-over' });
};

/** Parts read at different times make one file only if it stayed the same: nothing else may become visible. */
const assertUnchanged = async (run: DriveContext): Promise<void> => {
  const { file, fingerprint, parts } = run.upload;
  if (file === null || fingerprint === null || parts === null || parts.count === 1) return;
  const now = await sampled(run);
  run.signal.throwIfAborted();
  if (now !== fingerprint) throw new UploadError('source-changed', 'the file changed while it was being sent');
};

const sampled = (run: DriveContext): Promise<string | null> =>
  withFile(run, (file) => fingerprintOf(file, run.ports.hasher));
