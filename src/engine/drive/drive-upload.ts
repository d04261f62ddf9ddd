/**
 * The life of one upload from admission to the stored file. Read `driveUpload` first: it says what the protocol's own
 * description says. Everything here stops when `run.signal` is aborted, and rejects with its reason.
 */

import { abortable } from '../../lib/abortable.js';
import { joinSignals } from '../../lib/joint-signal.js';
import { toUploadError, UploadError } from '../../ports/errors.js';
import type { Part, Protocol, Receipt, Session, UploadResult } from '../../ports/protocol.js';
import { missingParts, type PartPlan, partsOf, planParts } from '../schedule/part-plan.js';
import { reasonFor } from '../schedule/retry-policy.js';
import { slotLimit } from '../schedule/slot-limit.js';
import { Waits } from '../schedule/waits.js';
import { withRetries } from '../schedule/with-retries.js';
import { assertReadable, fingerprintOf } from '../source/fingerprint.js';
import { needFile, withFile } from '../source/source-reader.js';
import type { Upload } from '../upload/upload.js';
import { isAuthExpired } from './auth-expired.js';
import type { DriveContext, DriveInit } from './drive-context.js';
import { verifiedReceipts } from './verified-receipts.js';

/** @throws UploadError when it cannot go on. */
export const driveUpload = async (init: DriveInit): Promise<UploadResult> => {
  const run: DriveContext = { ...init, waits: new Waits(init.upload), startedOver: new Set(), renewals: new Map() };
  for (;;) {
    try {
      const session = await openSession(run);
      await sendMissingParts(run, session);
      return await finish(run, session);
    } catch (error) {
      startOver(run, error);
    }
  }
};

/** The session, new or found again, with its plan and with the receipts that hold. */
const openSession = async (run: DriveContext): Promise<Session> => {
  const { upload, signal } = run;
  const isNew = upload.session === null && upload.restored?.session == null;
  if (upload.file !== null) upload.fingerprint ??= await sampled(run);
  const session = upload.session ?? (await withRetries(run, findSession));
  upload.session = session;
  const plan = upload.plan ?? planFor(run, session);
  upload.plan = plan;
  const receipts = isNew ? null : await withRetries(run, () => session.inspect({ signal, parts: partsOf(plan) }));
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

/** The server's word counts; that it has less than it had confirmed is said aloud. */
const believe = (run: DriveContext, receipts: readonly Receipt[]): void => {
  const { upload, onRetry } = run;
  const before = upload.confirmedBytes;
  upload.adopt(receipts);
  if (upload.confirmedBytes >= before) return;
  upload.attempt += 1;
  onRetry(new UploadError('part-mismatch', 'the server lost a part'), 0);
};

const findSession = ({ upload, protocol, signal }: DriveContext): Promise<Session> => {
  const { restored, facts } = upload;
  if (restored?.session && restored.protocol) {
    return protocol.reopen(facts, restored.protocol, restored.session, { signal });
  }
  upload.opening ??= newSession(upload, protocol);
  return abortable(upload.opening, signal);
};

/** Not cut short by a pause or a cancel: the server may have made the session already, and its id is in the answer. */
const newSession = async (upload: Upload, protocol: Protocol): Promise<Session> => {
  const { id, facts, gone, lostSessions } = upload;
  try {
    upload.session = await protocol.open(facts, { signal: gone.signal, idempotencyKey: `${id}.${lostSessions}` });
    return upload.session;
  } finally {
    upload.opening = null;
  }
};

const planFor = (run: DriveContext, session: Session): PartPlan => {
  const { upload, options, bytesPerSecond } = run;
  return planParts({
    size: upload.facts.size,
    limits: session.limits,
    wanted: options.partSize,
    bytesPerSecond: bytesPerSecond(),
    parallel: Math.min(slotLimit(options, session.origin), session.limits.maxParallel ?? Number.POSITIVE_INFINITY),
  });
};

const sendMissingParts = async (run: DriveContext, session: Session): Promise<void> => {
  const { upload } = run;
  const plan = upload.plan ?? planFor(run, session);
  const { count } = plan;
  if (session.limits.lastPartAlone === true && !upload.receipts.has(count)) {
    await sendParts(run, session, { ...plan, count: count - 1 });
  }
  await sendParts(run, session, plan);
};

/** Lanes side by side, each taking the next part without a receipt; the first that cannot go on stops the others. */
const sendParts = async (run: DriveContext, session: Session, plan: PartPlan): Promise<void> => {
  const { upload } = run;
  const missing = plan.count - upload.receipts.size;
  if (missing <= 0) return;
  if (upload.file === null) needFile(upload);
  const parts = missingParts(plan, upload.receipts);
  const lanes = joinSignals(run.signal);
  const laneRun: DriveContext = { ...run, signal: lanes.signal };
  const takeParts = async () => {
    try {
      for (const part of parts) await withRetries(laneRun, () => sendPart(laneRun, session, part));
    } catch (error) {
      lanes.abort(error);
      throw error;
    }
  };
  const width = Math.min(missing, slotLimit(run.options, session.origin), session.limits.maxParallel ?? missing);
  await Promise.allSettled(Array.from({ length: width }, () => run.waits.lane(takeParts)));
  lanes.release();
  run.signal.throwIfAborted();
  lanes.signal.throwIfAborted();
};

/** The next parts after `part` without a receipt. */
const upcomingParts = ({ plan, receipts }: Upload, part: Part, count: number): Part[] => {
  const parts: Part[] = [];
  if (plan === null) return parts;
  for (const next of missingParts(plan, receipts, part.number + 1)) {
    if (parts.length >= count) break;
    parts.push(next);
  }
  return parts;
};

/** What to send. A file of one part is sent uncut, and was read a moment ago, for its fingerprint. */
const bodyOf = (run: DriveContext, part: Part): Promise<Blob> =>
  withFile(run, async (file) => {
    if (run.upload.plan?.count === 1) return file;
    await assertReadable(file, part.end - 1);
    return file.slice(part.start, part.end);
  });

const sendPart = async (run: DriveContext, session: Session, part: Part): Promise<void> => {
  const { upload, ports, options, signal } = run;
  await session.preparePart?.(part, { signal, upcoming: (count) => upcomingParts(upload, part, count) });
  signal.throwIfAborted();
  const { origin } = session;
  const slots = origin === null ? null : ports.slots(origin);
  const release = await slots?.acquire(upload, { limit: slotLimit(options, origin), signal });
  try {
    const body = await bodyOf(run, part);
    signal.throwIfAborted();
    upload.sending(part, 0);
    const receipt = await session.sendPart(part, body, {
      signal,
      onProgress: (sentBytes) => upload.sending(part, sentBytes),
      onConfirmed: (bytes) => upload.confirmPartly(part, bytes),
    });
    signal.throwIfAborted();
    upload.confirm(receipt);
    slots?.succeeded();
    run.onPart(part, receipt);
    run.checkpoint();
  } catch (error) {
    signal.throwIfAborted();
    const failure = toUploadError(error);
    if (failure.code === 'network' || failure.code === 'timeout') {
      await withFile(run, (file) => assertReadable(file, part.end - 1));
    }
    if (reasonFor(failure) === 'throttled') slots?.throttle(failure.retryAfterMs ?? 0);
    throw failure;
  } finally {
    upload.notSending(part);
    release?.();
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
  const { file, fingerprint, plan } = run.upload;
  if (file === null || fingerprint === null || plan === null || plan.count === 1) return;
  const now = await sampled(run);
  run.signal.throwIfAborted();
  if (now !== fingerprint) throw new UploadError('source-changed', 'the file changed while it was being sent');
};

const sampled = (run: DriveContext): Promise<string | null> =>
  withFile(run, (file) => fingerprintOf(file, run.ports.hasher));
