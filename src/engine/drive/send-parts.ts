/** Sends the parts that the server has not confirmed, in parallel lanes; each lane takes a part when it gets a slot. */

import { joinSignals } from '../../lib/joint-signal.js';
import { isUploadError, toUploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { Part, Session } from '../../ports/protocol.js';
import type { Slot } from '../../ports/slots.js';
import { arrivedBytes } from '../schedule/line-model.js';
import { PartLedger, partLength } from '../schedule/part-ledger.js';
import { planParts } from '../schedule/part-plan.js';
import { lanesWithRoom, wishedPartSize } from '../schedule/part-size.js';
import { slotLimit } from '../schedule/slot-limit.js';
import type { SlotQueue } from '../schedule/slot-queue.js';
import { assertReadable } from '../source/fingerprint.js';
import { isTerminal } from '../upload/upload-state.js';
import type { DriveContext } from './drive-context.js';
import { needFile, withFile } from './source-reader.js';
import { withRetries } from './with-retries.js';

/** Most lanes of one upload; further lanes would only wait for slots. */
const MAX_LANES_PER_UPLOAD = 16;

/** Plans the parts within the limits of the session. @throws UploadError `too-large` when they cannot hold the file. */
export const partsFor = (run: DriveContext, session: Session): PartLedger => {
  const { size } = run.upload.facts;
  const { limits } = session;
  const { partSize } = run.options();
  const isFree = limits.sizes === 'free' && limits.partSize === undefined && limits.maxParts !== 1;
  if (isFree && partSize === 'auto') return PartLedger.free(size, limits);
  const plan = () => {
    const line = slotsOf(run, session)?.line;
    const parallel = Math.min(lanesOf(run, session), line?.lanes ?? 1);
    const bytesPerSecond = line?.goodput ?? 0;
    // A line that has never failed sets no limit to the size of a part.
    const largest = line === undefined || line.uptimeMs === Infinity ? Infinity : line.largestPart;
    return planParts({ size, limits, wanted: partSize, bytesPerSecond, parallel, largest });
  };
  return PartLedger.uniform(plan(), limits.partSize === undefined && partSize === 'auto' ? plan : null);
};

/** @throws UploadError of the first part that fails for good; the other lanes are aborted. */
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

/**
 * Runs lanes until no part is left to take. `open` starts as many as the line model allows, and each lane calls it
 * again after a part, because a confirmed part may allow more. A failure aborts `joint`, which stops the other lanes;
 * it is rethrown from `joint.signal` once all lanes have ended. Each lane has a signal of its own, because Node takes
 * more than ten listeners of one signal for a leak.
 */
const inLanes = async (run: DriveContext, session: Session, parts: PartLedger): Promise<void> => {
  const joint = joinSignals(run.signal);
  const { signal } = joint;
  const lanes = new Map<AbortController, Promise<void>>();
  signal.addEventListener('abort', () => {
    for (const controller of lanes.keys()) controller.abort(signal.reason);
  });
  const most = () => Math.min(lanesOf(run, session), slotsOf(run, session)?.line.lanes ?? 1);
  const lane = async (controller: AbortController) => {
    const laneRun: DriveContext = { ...run, signal: controller.signal };
    let failed: Part | null = null;
    /** Keeps the part from other lanes until the backoff of this lane is over. */
    const setAside = (part: Part) => {
      parts.setAside(part);
      failed = part;
    };
    const bringBack = () => {
      if (failed !== null) parts.bringBack(failed);
      failed = null;
    };
    /** Sends one part. False when the lane ends: no part is left to take, or the line model allows fewer lanes. */
    const step = async (): Promise<boolean> => {
      bringBack();
      const goesOn = lanes.size <= most() && (await sendNext({ run: laneRun, session, parts, setAside }));
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
      lanes.delete(controller);
    }
  };
  const open = () => {
    const { receipts } = run.upload;
    while (!signal.aborted && lanes.size < most() && lanes.size - parts.heldCount < parts.takeableCount(receipts)) {
      const controller = new AbortController();
      // The failure is kept as the reason of `signal`.
      lanes.set(
        controller,
        run.waits.lane(() => lane(controller)).catch(() => {}),
      );
    }
  };
  open();
  while (lanes.size > 0) await Promise.race(lanes.values());
  joint.release();
  run.signal.throwIfAborted();
  signal.throwIfAborted();
};

const lanesOf = ({ options }: DriveContext, { limits }: Session): number =>
  Math.min(slotLimit(options()), limits.maxParallel ?? MAX_LANES_PER_UPLOAD, MAX_LANES_PER_UPLOAD);

const slotsOf = ({ ports }: DriveContext, { origin }: Session): SlotQueue | null =>
  origin === null ? null : ports.slots(origin);

interface Lane {
  readonly run: DriveContext;
  readonly session: Session;
  readonly parts: PartLedger;
  /** Called when sending the part failed. */
  readonly setAside: (part: Part) => void;
}

/** False when there is nothing to take: other lanes are sending the remaining parts. */
const sendNext = async (lane: Lane): Promise<boolean> => {
  const { run, session, parts } = lane;
  const { upload } = run;
  if (parts.takeableCount(upload.receipts) === 0) return false;
  // A part that has to be prepared is cut before it waits for a slot, so that no slot is held during the preparation.
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
    if (parts.takeableCount(upload.receipts) === 0) slots?.dismiss(upload);
    return await withPart(lane, part, () => sendPart(run, session, part, slot));
  } finally {
    slot?.release();
  }
};

const prepareAndSend = async (run: DriveContext, session: Session, part: Part): Promise<void> => {
  const { upload, signal } = run;
  const upcoming = (count: number) => upload.parts?.upcoming(upload.receipts, part, count) ?? [];
  await session.preparePart?.(part, { signal, upcoming, file: upload.file });
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

/** Null when other lanes took the last part while this one waited. */
const acquireSlot = async (run: DriveContext, slots: SlotQueue, parts: PartLedger | null): Promise<Slot | null> => {
  const { upload, options, ports, signal, waits } = run;
  const { clock } = ports;
  const room = lanesWithRoom(slots.line, clock.now(), parts?.leastPart ?? 0);
  const limit = Math.min(slotLimit(options()), room);
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
  const now = ports.clock.now();
  const wish = (rest: number) => {
    if (slots === null) return rest;
    const { line } = slots;
    const lanes = slots.lanesFor(upload, lanesOf(run, session));
    // A browser also counts what only its buffers took: a lane that believes it takes too little, and ends early.
    const underWay = parts.takenBytes(
      (part, takenAt) => partLength(part) - Math.min(upload.sentOf(part), arrivedBytes(line, now - takenAt)),
    );
    return wishedPartSize({ line, now, rest, underWay, lanes });
  };
  return parts.take({ receipts: upload.receipts, wish, lastAlone: session.limits.lastPartAlone === true, now });
};

/** A file of one part is sent as it is, without a test read: if it cannot be read, its request fails. */
const bodyOf = (run: DriveContext, { start, end }: Part): Promise<Blob> =>
  withFile(run, async (file) => {
    if (start === 0 && end === file.size) return file;
    await assertReadable(file, end - 1);
    return file.slice(start, end);
  });

/** What browsers call a file that they cannot read, and what several of these in a row look like. */
const MAY_BE_THE_FILE: ReadonlySet<UploadErrorCode> = new Set(['network', 'timeout', 'cors']);

const sendPart = async (run: DriveContext, session: Session, part: Part, slot: Slot | null): Promise<void> => {
  const { upload, signal } = run;
  const bytes = partLength(part);
  try {
    // The record must contain the boundaries of the part before the server stores it, or a later page cannot place it.
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
    // The server may list other bytes under the number of a part that was cut again; only the record tells them apart.
    if (upload.parts?.isDoubted(part.number) === true) await run.recorded();
    if (isTerminal(upload.state.kind)) return;
    run.onPart(part, receipt);
    run.checkpoint();
  } catch (error) {
    signal.throwIfAborted();
    const failure = toUploadError(error);
    if (MAY_BE_THE_FILE.has(failure.code)) {
      // Browsers report an unreadable file as a network error; in that case this throws the file's error instead.
      await withFile(run, (file) => assertReadable(file, part.end - 1));
    }
    slot?.failed(failure, upload.sentOf(part), bytes);
    throw failure;
  }
};
