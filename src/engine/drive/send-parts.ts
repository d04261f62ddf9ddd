/** Sends what the server has not confirmed: lanes side by side, each taking the next part when it has a slot for it. */

import { joinSignals } from '../../lib/joint-signal.js';
import { isUploadError, toUploadError } from '../../ports/errors.js';
import type { Part, Session } from '../../ports/protocol.js';
import type { Slot } from '../../ports/slots.js';
import { PartLedger, partLength } from '../schedule/part-ledger.js';
import { planParts } from '../schedule/part-plan.js';
import { lanesWithRoom, wishedPartSize } from '../schedule/part-size.js';
import { slotLimit } from '../schedule/slot-limit.js';
import type { SlotQueue } from '../schedule/slot-queue.js';
import { withRetries } from '../schedule/with-retries.js';
import { assertReadable } from '../source/fingerprint.js';
import { needFile, withFile } from '../source/source-reader.js';
import { isTerminal } from '../upload/upload-state.js';
import type { DriveContext } from './drive-context.js';

/** Lanes that one upload may use; more only wait for a slot. */
const MOST_LANES = 16;

/** How the session wants its parts. @throws UploadError `too-large` when they cannot hold the file. */
export const partsFor = (run: DriveContext, session: Session): PartLedger => {
  const { size } = run.upload.facts;
  const { limits } = session;
  const { partSize } = run.options;
  const isFree = limits.sizes === 'free' && limits.partSize === undefined && limits.maxParts !== 1;
  if (isFree && partSize === 'auto') return PartLedger.free(size, limits);
  const plan = () => {
    const line = slotsOf(run, session)?.line;
    const parallel = Math.min(lanesOf(run, session), line?.lanes ?? 1);
    const bytesPerSecond = line?.goodput ?? 0;
    // What a line bears is known only of one that has broken.
    const largest = line === undefined || line.uptimeMs === Infinity ? Infinity : line.largestPart;
    return planParts({ size, limits, wanted: partSize, bytesPerSecond, parallel, largest });
  };
  return PartLedger.uniform(plan(), limits.partSize === undefined && partSize === 'auto' ? plan : null);
};

/** @throws UploadError when one part cannot go on; it stops the others. */
export const sendParts = async (run: DriveContext, session: Session): Promise<void> => {
  const { upload, signal } = run;
  const parts = upload.parts ?? partsFor(run, session);
  upload.parts = parts;
  while (!parts.isComplete(upload.receipts)) {
    if (upload.file === null) needFile(upload);
    await inLanes(run, session, parts);
    signal.throwIfAborted();
  }
};

/** As many lanes as the line bears now; they end when there is nothing left to take. */
const inLanes = async (run: DriveContext, session: Session, parts: PartLedger): Promise<void> => {
  const joint = joinSignals(run.signal);
  const laneRun: DriveContext = { ...run, signal: joint.signal };
  const lanes = new Set<Promise<void>>();
  let active = 0;
  const most = () => Math.min(lanesOf(run, session), slotsOf(run, session)?.line.lanes ?? 1);
  const lane = async () => {
    let failed: Part | null = null;
    /** No lane sends the part again before the wait of this one is over. */
    const setAside = (part: Part) => {
      parts.setAside(part);
      failed = part;
    };
    const bringBack = () => {
      if (failed !== null) parts.bringBack(failed);
      failed = null;
    };
    /** False when the lane is to end: there is nothing to take, or the line bears fewer. */
    const step = async (): Promise<boolean> => {
      bringBack();
      const goesOn = active <= most() && (await sendNext({ run: laneRun, session, parts, setAside }));
      if (goesOn) open();
      return goesOn;
    };
    try {
      while (await withRetries(laneRun, step));
    } catch (error) {
      joint.abort(error);
      throw error;
    } finally {
      bringBack();
      active -= 1;
    }
  };
  const open = () => {
    const { receipts } = run.upload;
    while (active < most() && active - parts.heldCount < parts.openCount(receipts)) {
      active += 1;
      const opened: Promise<void> = run.waits.lane(lane).catch(() => {});
      lanes.add(opened);
      void opened.then(() => lanes.delete(opened));
    }
  };
  open();
  while (lanes.size > 0) await Promise.race(lanes);
  joint.release();
  run.signal.throwIfAborted();
  joint.signal.throwIfAborted();
};

const lanesOf = ({ options }: DriveContext, { limits }: Session): number =>
  Math.min(slotLimit(options), limits.maxParallel ?? MOST_LANES, MOST_LANES);

const slotsOf = ({ ports }: DriveContext, { origin }: Session): SlotQueue | null =>
  origin === null ? null : ports.slots(origin);

interface Lane {
  readonly run: DriveContext;
  readonly session: Session;
  readonly parts: PartLedger;
  /** A part failed. */
  readonly setAside: (part: Part) => void;
}

/** False when there is nothing to take: what is left is on its way with other lanes. */
const sendNext = async (lane: Lane): Promise<boolean> => {
  const { run, session, parts } = lane;
  const { upload } = run;
  if (parts.openCount(upload.receipts) === 0) return false;
  // A part that has to be prepared is cut before it waits, so that no slot is held meanwhile.
  if (session.preparePart !== undefined) {
    const part = takePart(run, session, parts);
    return part !== null && withPart(lane, part, () => prepareAndSend(run, session, part));
  }
  const slots = slotsOf(run, session);
  const slot = slots && (await acquireSlot(run, slots, parts));
  if (slots !== null && slot === null) return false;
  try {
    const part = takePart(run, session, parts);
    if (part === null) return false;
    if (parts.openCount(upload.receipts) === 0) slots?.dismiss(upload);
    return await withPart(lane, part, () => sendPart(run, session, part, slot));
  } finally {
    slot?.release();
  }
};

const prepareAndSend = async (run: DriveContext, session: Session, part: Part): Promise<void> => {
  const { upload, signal } = run;
  const upcoming = (count: number) => upload.parts?.upcoming(upload.receipts, part, count) ?? [];
  await session.preparePart?.(part, { signal, upcoming });
  signal.throwIfAborted();
  const slots = slotsOf(run, session);
  const slot = slots && (await acquireSlot(run, slots, upload.parts));
  try {
    await sendPart(run, session, part, slot);
  } finally {
    slot?.release();
  }
};

const withPart = async ({ run, parts, setAside }: Lane, part: Part, send: () => Promise<void>): Promise<true> => {
  try {
    await send();
    parts.giveBack(part);
    return true;
  } catch (error) {
    setAside(part);
    const isTooLarge = isUploadError(error) && error.status === 413 && parts.shrink(part, run.upload.receipts);
    throw isTooLarge ? error.with({ retriable: true }) : error;
  } finally {
    run.upload.notSending(part);
  }
};

/** Null when what it was asked for has been taken by others meanwhile. */
const acquireSlot = async (run: DriveContext, slots: SlotQueue, parts: PartLedger | null): Promise<Slot | null> => {
  const { upload, options, ports, signal, waits } = run;
  const { clock } = ports;
  const room = lanesWithRoom(slots.line, clock.now(), parts?.leastPart ?? 0);
  const limit = Math.min(slotLimit(options), room);
  const slot = slots.acquire(upload, { limit, signal, bytes: upload.facts.size });
  if (slots.waiting === 0) return slot;
  return waits.whenLong(slot, clock, () => {
    const { quietUntil } = slots;
    if (quietUntil === null) return { reason: 'slots', resumesAt: null };
    return { reason: 'throttled', resumesAt: clock.wallNow() + quietUntil - clock.now() };
  });
};

const takePart = (run: DriveContext, session: Session, parts: PartLedger): Part | null => {
  const { upload, ports } = run;
  const slots = slotsOf(run, session);
  const wish = (rest: number) => {
    if (slots === null) return rest;
    const { line } = slots;
    const lanes = slots.lanesFor(upload, lanesOf(run, session));
    const underWay = parts.takenBytes((part) => partLength(part) - upload.sentOf(part));
    return wishedPartSize({ line, now: ports.clock.now(), rest, underWay, lanes });
  };
  return parts.take({ receipts: upload.receipts, wish, lastAlone: session.limits.lastPartAlone === true });
};

/** What to send. A file of one part is sent uncut, and most were read a moment ago, for their fingerprints. */
const bodyOf = (run: DriveContext, { start, end }: Part): Promise<Blob> =>
  withFile(run, async (file) => {
    const isWhole = start === 0 && end === file.size;
    if (isWhole && run.upload.fingerprint !== null) return file;
    await assertReadable(file, end - 1);
    return isWhole ? file : file.slice(start, end);
  });

const sendPart = async (run: DriveContext, session: Session, part: Part, slot: Slot | null): Promise<void> => {
  const { upload, signal } = run;
  const bytes = partLength(part);
  try {
    // A later page must know where the part lies before the server has it.
    const recorded = upload.parts?.isGrowing === true ? run.recorded() : null;
    const [body] = await Promise.all([bodyOf(run, part), recorded]);
    signal.throwIfAborted();
    upload.sending(part, 0);
    const receipt = await session.sendPart(part, body, {
      signal,
      onProgress: (sentBytes) => upload.sending(part, sentBytes),
      onConfirmed: (confirmedBytes) => upload.confirmPartly(part, confirmedBytes),
    });
    signal.throwIfAborted();
    upload.confirm(receipt);
    slot?.confirmed(bytes);
    // Of a part that was cut anew only the record tells a later page what the server holds.
    if (upload.parts?.isDoubted(part.number) === true) await run.recorded();
    if (isTerminal(upload.state.kind)) return;
    run.onPart(part, receipt);
    run.checkpoint();
  } catch (error) {
    signal.throwIfAborted();
    const failure = toUploadError(error);
    slot?.failed(failure, upload.sentOf(part), bytes);
    if (failure.code === 'network' || failure.code === 'timeout') {
      await withFile(run, (file) => assertReadable(file, part.end - 1));
    }
    throw failure;
  }
};
