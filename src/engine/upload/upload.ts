/** One upload: its file, state, progress and snapshot. The driver (`drive-upload.ts`) changes it; no I/O here. */

import type { Clock } from '../../ports/clock.js';
import type { Part, Receipt, Session, UploadFacts } from '../../ports/protocol.js';
import type { FileHandle, SourceFile } from '../../ports/source.js';
import type { UploadRecord } from '../../ports/store.js';
import { type PartLedger, partLength } from '../schedule/part-ledger.js';
import { RetryBudget } from '../schedule/retry-policy.js';
import { type FileDescription, factsOf, type KnownFile, plainDescription } from './file-description.js';
import type { Metadata } from './metadata.js';
import { ProgressMeter } from './progress/progress-meter.js';
import type { MirroredProgress, UploadSnapshot, WaitReason } from './snapshot.js';
import { freezeSnapshot, MAX_UNCONFIRMED_RATIO, resultOf } from './snapshot.js';
import type { UploadTarget } from './target.js';
import { UploadContent } from './upload-content.js';
import type { UploadInit, UploadObserver } from './upload-init.js';
import { isTerminal, QUEUED, transition, type UploadEvent, type UploadState } from './upload-state.js';

export class Upload {
  readonly id: string;
  /** Never changes once it has an endpoint: later options apply to later files. */
  target: UploadTarget;
  /** The chosen file, and what is sent of it. */
  readonly content: UploadContent;
  readonly retryBudget = new RetryBudget();
  readonly receipts = new Map<number, Receipt>();
  /** Orders the list, also after a reload: milliseconds since 1970 when it was added. A move exchanges these times. */
  createdAt: number;
  /** Reopens the file after a reload, where the browser supports it. */
  handle: FileHandle | null;
  /** The backend's name for the user who started the upload; null where it reports none. */
  user: string | null = null;
  fingerprint: string | null = null;
  session: Session | null = null;
  /** The request for a session while it is in flight; `gone` aborts it. */
  opening: Promise<Session> | null = null;
  /** Aborted when the upload was canceled and its session was released; null before a session is requested. */
  gone: AbortController | null = null;
  /** The record of an earlier page; null once the session is lost. */
  restored: UploadRecord | null = null;
  /** Null until the session's limits are known. */
  parts: PartLedger | null = null;
  attempt = 1;
  lostSessions = 0;
  /** Whether the file still was the same after its parts had been read at different times. */
  sourceCheck: 'due' | 'passed' | 'failed' = 'due';

  readonly #observer: UploadObserver;
  readonly #clock: Clock;
  readonly #meter = new ProgressMeter();
  /** Sent bytes, by part number; null before the first, because thousands of files may wait. */
  #inFlight: Map<number, number> | null = null;
  /** Confirmed bytes of parts without a receipt, by part number; null before the first. */
  #partly: Map<number, number> | null = null;
  #state: UploadState;
  #description: FileDescription;
  #facts: UploadFacts;
  #confirmedBytes = 0;
  #ratio = 0;
  /** The progress that the driving tab sent. */
  #mirrored: MirroredProgress | null = null;
  #snapshot: UploadSnapshot | null = null;

  constructor(init: UploadInit) {
    const { id, description, file, handle, target, metadata, source = null, observer, clock, state = QUEUED } = init;
    this.id = id;
    this.target = target;
    this.#description = plainDescription(description);
    this.content = new UploadContent(source ?? this.#description, file, source);
    this.handle = handle;
    this.createdAt = clock.wallNow();
    this.#facts = factsOf(id, this.#description, metadata);
    this.#observer = observer;
    this.#clock = clock;
    this.#state = state;
  }

  get state(): UploadState {
    return this.#state;
  }

  /** The description that protocols send. */
  get facts(): UploadFacts {
    return this.#facts;
  }

  /** What is sent, as the browser describes it: the type may be empty, unlike in `facts`. */
  get description(): FileDescription {
    return this.#description;
  }

  /** The file that is sent; null after a reload, until it is reopened or chosen again. */
  get file(): SourceFile | null {
    return this.content.sent;
  }

  /** Identifies the chosen file; the fingerprint is that of the sent file, unless `prepare` made other content. */
  get known(): KnownFile {
    return this.content.knownBy(this.fingerprint);
  }

  /** True once a session was requested, so that name and metadata are fixed. */
  get isOpened(): boolean {
    return (this.session ?? this.opening ?? this.restored?.session ?? null) !== null;
  }

  /** Null unless `waiting` or `paused`. */
  get reason(): WaitReason | null {
    return 'reason' in this.#state ? this.#state.reason : null;
  }

  get confirmedBytes(): number {
    return this.#confirmedBytes;
  }

  /**
   * Parts are read at different times, so a file that changed meanwhile would be stored as a mixture. False once the file
   * was seen to be the same after its parts had been read, and where nothing can be compared.
   */
  get mayBeMixed(): boolean {
    return this.sourceCheck !== 'passed' && this.fingerprint !== null && (this.parts?.count ?? 0) > 1;
  }

  /** Changes name, content or metadata of what is sent. Only before the upload is opened. */
  redescribe(change: Partial<FileDescription & { readonly metadata: Metadata | null }>): void {
    const { metadata = this.#facts.metadata, ...description } = change;
    this.#description = plainDescription({ ...this.#description, ...description });
    this.#facts = factsOf(this.id, this.#description, metadata);
    this.#observer.described();
    this.#touch();
  }

  /** False, without an effect, when the state does not allow the event. */
  dispatch(event: UploadEvent): boolean {
    const previous = this.#state;
    const next = transition(previous, event);
    if (next === previous) return false;
    this.#state = next;
    if (event.type === 'restart') {
      this.attempt += 1;
      if (this.gone?.signal.aborted) this.gone = null;
    }
    // Resuming restores the whole retry budget.
    if (next.kind === 'queued') this.retryBudget.progressed();
    this.#mirrored = null;
    if (next.kind !== 'uploading') this.#meter.stop();
    if (isTerminal(next.kind)) this.#inFlight = null;
    this.#snapshot = null;
    this.#observer.changed(this, previous);
    return true;
  }

  /** A further attempt is planned. */
  tryAgain(): void {
    this.attempt += 1;
    this.#touch();
  }

  /** The first `sentBytes` of a part's body were sent. */
  sending(part: Part, sentBytes: number): void {
    const sent = this.#inFlight?.get(part.number);
    if (sent === sentBytes) return;
    const before = Math.max(sent ?? 0, this.#partlyOf(part));
    this.#inFlight ??= new Map();
    this.#inFlight.set(part.number, Math.min(sentBytes, partLength(part)));
    this.#move(sentBytes - before);
    this.#touch();
  }

  /** Sent bytes of a part. */
  sentOf({ number }: Pick<Part, 'number'>): number {
    return this.#inFlight?.get(number) ?? 0;
  }

  #partlyOf({ number }: Pick<Part, 'number'>): number {
    return this.#partly?.get(number) ?? 0;
  }

  /** The request of a part ended without a receipt, so its bytes no longer count as sent. */
  notSending(part: Part): void {
    if (this.#inFlight?.delete(part.number)) this.#touch();
  }

  /** The server has the first `bytes` of a part. */
  confirmPartly(part: Part, bytes: number): void {
    const before = this.#partlyOf(part);
    const confirmed = Math.min(bytes, partLength(part));
    if (confirmed <= before || this.receipts.has(part.number)) return;
    this.#move(confirmed - Math.max(this.sentOf(part), before));
    this.#partly ??= new Map();
    this.#partly.set(part.number, confirmed);
    this.#confirmedBytes += confirmed - before;
    this.retryBudget.progressed();
    this.#touch();
  }

  confirm(receipt: Receipt): void {
    const { number, size } = receipt;
    if (this.sourceCheck === 'passed') this.sourceCheck = 'due';
    // A request may have sent bytes without reporting progress.
    this.#move(size - Math.max(this.sentOf(receipt), this.#partlyOf(receipt)));
    this.#inFlight?.delete(number);
    this.retryBudget.progressed();
    this.#setReceipt(receipt);
    this.#touch();
  }

  /** Replaces all receipts by those of the server or the record that match the parts. */
  adopt(receipts: Iterable<Receipt>): void {
    this.receipts.clear();
    this.#partly = null;
    this.#confirmedBytes = 0;
    this.parts?.rewind();
    for (const receipt of receipts) {
      const part = this.parts?.part(receipt.number) ?? null;
      if (part !== null && receipt.isPartial === true) this.confirmPartly(part, receipt.size);
      else if (this.parts?.matches(receipt)) this.#setReceipt(receipt);
    }
    this.#touch();
  }

  /** The server lost the session: progress restarts at zero. */
  forgetSession(): void {
    this.lostSessions += 1;
    this.sourceCheck = 'due';
    this.session = null;
    this.restored = null;
    this.parts = null;
    this.#ratio = 0;
    this.adopt([]);
  }

  /** Shows the progress of the driving tab, below 100 % until that tab releases the upload. */
  mirror(progress: MirroredProgress): void {
    this.#ratio = Math.min(progress.ratio, MAX_UNCONFIRMED_RATIO);
    this.#mirrored = { ...progress, ratio: this.#ratio };
    this.#touch();
  }

  get snapshot(): UploadSnapshot {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  #setReceipt(receipt: Receipt): void {
    const { number, size } = receipt;
    this.#confirmedBytes += size - (this.receipts.get(number)?.size ?? this.#partlyOf(receipt));
    this.#partly?.delete(number);
    this.receipts.set(number, receipt);
  }

  #move(bytes: number): void {
    if (bytes <= 0) return;
    this.#meter.add(bytes, this.#clock.now());
    this.#observer.moved(bytes);
  }

  #touch(): void {
    this.#snapshot = null;
    this.#observer.progressed(this);
  }

  #sentBytes(): number {
    let sent = this.#confirmedBytes;
    for (const [number, bytes] of this.#inFlight ?? []) {
      if (!this.receipts.has(number)) sent += Math.max(0, bytes - this.#partlyOf({ number }));
    }
    return Math.min(sent, this.facts.size);
  }

  #makeSnapshot(): UploadSnapshot {
    const { id, description, parts, session, state, attempt } = this;
    const { size } = description;
    const done = state.kind === 'done' ? state.result : null;
    const sentBytes = done ? size : this.#sentBytes();
    this.#ratio = done ? 1 : Math.max(this.#ratio, Math.min(sentBytes / Math.max(size, 1), MAX_UNCONFIRMED_RATIO));
    const now = this.#clock.now();
    return freezeSnapshot(this.#ratio, this.#meter.bytesPerSecond(now), {
      id,
      ...description,
      metadata: this.#facts.metadata,
      state: state.kind,
      reason: this.reason,
      totalBytes: size,
      sentBytes,
      confirmedBytes: done ? size : this.#confirmedBytes,
      remainingMs: state.kind === 'uploading' ? this.#meter.remainingMs(size - sentBytes, now) : null,
      parts: parts && Object.freeze({ total: parts.expectedCount, confirmed: this.receipts.size }),
      attempt,
      resumesAt: state.kind === 'waiting' ? state.resumesAt : null,
      protocol: session?.protocol ?? this.restored?.protocol ?? null,
      fileId: done?.fileId ?? null,
      result: resultOf(done?.response),
      error: state.kind === 'failed' ? state.error : null,
      ...this.#mirrored,
    });
  }
}
