/**
 * What must hold after every scenario, whatever went wrong: O1 to O9 of the laboratory's list. O10, that a seed gives the
 * same history, is a matter of the simulation.
 */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import type { MadeFile } from '../../e2e/support/made-files.js';
import { assertSameFiles } from '../../e2e/support/same-files.js';
import type { Bench } from './bench.js';
import type { LabEvent, UploadSummary } from './lab-config.js';
import { endsOf, isEnd, type SentRequest } from './recorder.js';

export interface Expectation {
  /** Exactly what storage holds in the end. */
  readonly stored: readonly MadeFile[];
  /** Bytes that the faults may have cost: faults x parts in flight x part size. @default 0 */
  readonly extraBytes?: number;
  /** Uploads that have not ended. @default 0 */
  readonly unfinished?: number;
  /** Errors that the page itself made. @default none */
  readonly pageErrors?: RegExp;
  /** Hosts that a fault led to, besides the endpoint's. @default none */
  readonly hosts?: readonly string[];
  /** Parts that the server denied to have, without a word to who watches. @default none */
  readonly disowned?: readonly number[];
  /** Whether the store fails: then the lock of an upload that is over is kept while its record's deletion is tried again. */
  readonly hasFailingStore?: boolean;
  /** Sessions that stay on the server: of failed uploads, of lost answers. @default 0 */
  readonly orphans?: number;
}

/** Share of bytes that need no explanation. */
const SLACK = 0.01;
/** Deletions and releases that follow the last event end within this. */
const TIDY_MS = 15_000;
/** How long the deletion of a record is tried again. */
const DELETION_MS = 11_000;
const LOOK_MS = 50;
const TRAVEL_MS = 1_000;

const LOSSES = ['session-lost', 'part-mismatch', 'checksum-mismatch'];

export const isData = ({ method, path }: LogEntry): boolean =>
  (method === 'PUT' && (path.startsWith('/storage/') || path.endsWith('/parts'))) ||
  (method === 'POST' && path.startsWith('/current/') && path.includes('/chunk'));

interface UploadEvent extends LabEvent {
  readonly upload: UploadSummary;
}

type History = readonly UploadEvent[];

/** Events of each upload, in order. */
const histories = (events: readonly LabEvent[]): readonly History[] => {
  const found = new Map<string, UploadEvent[]>();
  for (const event of events) {
    const { upload } = event;
    if (upload === undefined) continue;
    const history = found.get(upload.id) ?? [];
    history.push({ ...event, upload });
    found.set(upload.id, history);
  }
  return [...found.values()];
};

/** O2: one end in each life of a page, and nothing after it but leaving the list or a new try. */
const assertOneEnd = (history: History): void => {
  let ended: LabEvent | null = null;
  for (const event of history) {
    const { name, life, upload } = event;
    if (ended !== null && ended.life !== life) ended = null;
    if (name === 'upload-state' && ['failed', 'canceled'].includes(event.previous ?? '')) ended = null;
    const isLate = ended !== null && name !== 'upload-removed';
    assert.ok(!isLate, `${upload.name}: ${name} (${upload.state}) after ${ended?.name}`);
    if (isEnd(event)) ended = event;
  }
};

/** O3: progress never goes back, never past the end, and is whole only at the end. */
const assertMonotone = (history: History): void => {
  let floor = { life: -1, confirmedBytes: 0, ratio: 0 };
  for (const { name, life, upload, error } of history) {
    const { confirmedBytes, ratio, totalBytes, state } = upload;
    const isAnnounced = name === 'upload-retry' && error !== undefined && LOSSES.includes(error.code);
    if (life !== floor.life || isAnnounced) floor = { life, confirmedBytes: 0, ratio: 0 };
    const fall = `${floor.confirmedBytes} to ${confirmedBytes} confirmed bytes (${state}, ${upload.reason})`;
    assert.ok(confirmedBytes >= floor.confirmedBytes, `${upload.name}: ${name} fell from ${fall}`);
    assert.ok(ratio >= floor.ratio, `${upload.name}: ${name} set the ratio back from ${floor.ratio} to ${ratio}`);
    assert.ok(confirmedBytes <= totalBytes, `${upload.name}: more confirmed than there is`);
    assert.ok(ratio < 1 || state === 'done', `${upload.name}: 100 % in state ${state}`);
    assert.ok(upload.bytesPerSecond >= 0 && (upload.remainingMs ?? 0) >= 0, `${upload.name}: a negative rate or time`);
    // To take over from another tab is to begin as after a reload: with what the record says.
    if (upload.reason !== 'other-tab') floor = { life, confirmedBytes, ratio };
  }
};

/** O6: an upload that waits says for what, and until when unless only the world can end it. */
const assertReasons = (history: History): void => {
  for (const { upload } of history) {
    if (upload.state !== 'waiting' && upload.state !== 'paused') continue;
    assert.ok(upload.reason !== null, `${upload.name} is ${upload.state} without a reason`);
    const hasEnd = upload.resumesAt !== null || ['offline', 'other-tab', 'slots'].includes(upload.reason);
    assert.ok(upload.state === 'paused' || hasEnd, `${upload.name} waits (${upload.reason}) without an end`);
  }
};

/** A part whose confirmation reached the page is never sent again, unless the server was heard to have lost it. */
const assertNoSecondSend = ({ recorder: { events }, backend }: Bench, { disowned = [] }: Expectation): void => {
  const log = backend.log();
  for (const { name, at, part = 0, upload } of events) {
    if (name !== 'part-complete' || upload === undefined || disowned.includes(part)) continue;
    const sends = log.filter((entry) => isData(entry) && entry.name === upload.name && (entry.part ?? 1) === part);
    const confirmed = sends.findLast(({ status, endedAt }) => status === 200 && (endedAt ?? Number.NaN) <= at);
    const again = sends.find((entry) => entry.startedAt > at && entry.path === confirmed?.path);
    assert.ok(
      again === undefined || isForgotten(events, upload.id, at),
      `part ${part} of ${upload.name} was confirmed and sent again`,
    );
  }
};

/** Whether the upload was heard, after this moment, to have lost what the server had of it. */
const isForgotten = (events: readonly LabEvent[], id: string, since: number): boolean =>
  events.some(
    ({ name, at, upload, error }) =>
      name === 'upload-retry' && upload?.id === id && at >= since && LOSSES.includes(error?.code ?? ''),
  );

/** O4 */
const assertBytes = (log: readonly LogEntry[], { stored, extraBytes = 0 }: Expectation): void => {
  const size = stored.reduce((sum, file) => sum + file.size, 0);
  const sent = log.filter(isData).reduce((sum, { bytes }) => sum + bytes, 0);
  const most = size * (1 + SLACK) + extraBytes;
  assert.ok(sent <= most, `${sent} bytes were sent where ${most} are allowed`);
};

/** As the page sends them: where a gateway stands between, the log has other paths. */
const isSentData = ({ method, url }: SentRequest): boolean =>
  method === 'PUT' || (method === 'POST' && new URL(url).pathname.endsWith('/chunk/'));

/** O5: nothing is sent once all is over. */
const assertQuiet = ({ recorder, backend }: Bench): void => {
  const { events, sent } = recorder;
  const last = events.findLastIndex(isEnd);
  const sentLate = sent.filter((request) => isSentData(request) && request.after > last);
  assert.deepEqual(sentLate, [], 'data requests that a page sent after the last end');
  const lastEnd = Math.max(...events.filter(isEnd).map(({ at }) => at));
  // What was called off at the end may have been on its way, and small ones arrive whole.
  const isLate = ({ startedAt }: LogEntry): boolean => startedAt > lastEnd + TRAVEL_MS;
  const late = backend.log().filter((entry) => isData(entry) && isLate(entry));
  assert.deepEqual(late, [], 'data requests after the last end');
};

/** O7, O8: what an upload holds is let go of within moments. */
const assertTidy = async (bench: Bench, { orphans = 0, hasFailingStore = false }: Expectation): Promise<void> => {
  // What time may heal can be tried again, even by a later page.
  const kept = [...endsOf(bench.recorder.events)].flatMap(([id, { error }]) => (error?.retriable === true ? id : []));
  const left = async (): Promise<readonly string[]> => {
    const held = (await Promise.all(bench.openTabs.map((tab) => tab.leftovers()))).flat();
    const sessions = await bench.backend.openSessions();
    const leaked = held.filter((name) => !kept.some((id) => name.endsWith(id)));
    return [...leaked, ...sessions.slice(orphans).map((session) => `session ${session}`)];
  };
  const endsAt = Date.now() + TIDY_MS + (hasFailingStore ? DELETION_MS : 0);
  let leftovers = await left();
  while (leftovers.length > 0 && Date.now() < endsAt) {
    await delay(LOOK_MS);
    leftovers = await left();
  }
  assert.deepEqual(leftovers, [], 'records, locks and sessions that outlive their uploads');
};

const assertErrors = (errors: readonly string[], allowed: RegExp | undefined): void => {
  const unexpected = errors.filter((message) => allowed === undefined || !allowed.test(message));
  assert.deepEqual(unexpected, [], 'uncaught errors of the page');
};

/** What holds also where it cannot be said beforehand how often something is sent or stored: O2, O3, O5 to O7. */
export const assertInvariants = (
  { recorder, hosts }: Bench,
  { pageErrors, ...more }: Partial<Expectation> = {},
): void => {
  for (const history of histories(recorder.events)) {
    assertOneEnd(history);
    assertMonotone(history);
    assertReasons(history);
  }
  assertErrors(recorder.errors, pageErrors);
  const foreign = [...recorder.hosts].filter((host) => ![...hosts, ...(more.hosts ?? [])].includes(host));
  assert.deepEqual(foreign, [], 'hosts that were not named');
};

export const assertOracle = async (bench: Bench, expectation: Expectation): Promise<void> => {
  const { recorder, backend } = bench;
  const { unfinished = 0 } = expectation;
  assertInvariants(bench, expectation);
  const started = new Set(recorder.events.flatMap(({ upload }) => upload?.id ?? []));
  assert.equal(started.size - endsOf(recorder.events).size, unfinished, 'uploads that have not ended');
  try {
    assertSameFiles(backend.files(), expectation.stored);
  } catch (error) {
    const { code, message } = bench.failure ?? { code: 'no failure', message: 'none was reported' };
    const files = error instanceof Error ? error.message : String(error);
    assert.fail(`other files are stored than expected (${code}: ${message}): ${files}`);
  }
  assertNoSecondSend(bench, expectation);
  assertBytes(backend.log(), expectation);
  if (unfinished > 0) return;
  await assertTidy(bench, expectation);
  assertQuiet(bench);
};
