/**
 * One upload: what it is, where it stands, what observers see of it. It changes only through `dispatch` and the
 * progress methods; the driver (`drive-upload.ts`) decides when. It knows no network, store or clock of its own.
 */

import type { Clock } from '../../ports/clock.js';
import type { Part, Receipt, Session, UploadFacts } from '../../ports/protocol.js';
import type { FileHandle, SourceFile } from '../../ports/source.js';
import type { UploadRecord } from '../../ports/store.js';
import { type PartLedger, partLength } from '../schedule/part-ledger.js';
import { RetryBudget } from '../schedule/retry-policy.js';
import type { KnownFile } from '../source/fingerprint.js';
import type { MirroredProgress } from '../tabs/tab-messages.js';
import { type FileDescription, factsOf, plainDescription } from './file-description.js';
import type { Metadata } from './metadata.js';
import { ProgressMeter } from './progress/progress-meter.js';
import { freezeSnapshot, type UploadSnapshot, type WaitReason } from './snapshot.js';
import type { UploadTarget } from './target.js';
import { UploadContent } from './upload-content.js';
import type { UploadInit, UploadObserver } from './upload-init.js';
import { isTerminal, QUEUED, transition, type UploadEvent, type UploadState } from './upload-state.js';

/** Stays below 100 % until the backend confirms. */
const ALMOST = 0.999;

export class Upload {
  readonly id: string;
  /** Never changes: whatever the page is told later is for later files. */
  readonly target: UploadTarget;
  /** The file: what was chosen, what is sent, and what the page made of the one for the other. */
  readonly content: UploadContent;
  readonly retryBudget = new RetryBudget();
  readonly receipts = new Map<number, Receipt>();
  /** Milliseconds since 1970; that of its record, if it has one. */
  createdAt: number;
  /** The way back to the file after a reload, where the browser gave one. */
  handle: FileHandle | null;
  /** The backend's own word for the user who began it; null where it names none. */
  user: string | null = null;
  fingerprint: string | null = null;
  session: Session | null = null;
  /** The request for a session, while it is under way; `gone` ends it. */
  opening: Promise<Session> | null = null;
  /** Aborted when the upload was given up and its session was released. */
  gone = new AbortController();
  /** What an earlier page left; used up when the session is opened. */
  restored: UploadRecord | null = null;
  /** Null until it is known how the session wants its parts. */
  parts: PartLedger | null = null;
  attempt = 1;
  /** Sessions that the server forgot. */
  lostSessions = 0;

  readonly #observer: UploadObserver;
  readonly #clock: Clock;
  readonly #meter = new ProgressMeter();
  readonly #inFlight = new Map<number, number>();
  /** Bytes from the beginning of parts without a receipt that the server has, by part number. */
  readonly #partly = new Map<number, number>();
  #state: UploadState;
  #description: FileDescription;
  #facts: UploadFacts;
  #confirmedBytes = 0;
  #ratio = 0;
  /** What the tab that drives it says. */
  #mirrored: MirroredProgress | null = null;
  #snapshot: UploadSnapshot | null = null;

  constructor(init: UploadInit) {
    const { id, description, file, handle, target, metadata, source = null, observer, clock, state = QUEUED } = init;
    this.id = id;
    this.target = target;
    this.content = new UploadContent(source ?? description, file, source);
    this.handle = handle;
    this.createdAt = clock.wallNow();
    this.#description = plainDescription(description);
    this.#facts = factsOf(id, this.#description, metadata);
    this.#observer = observer;
    this.#clock = clock;
    this.#state = state;
  }

  get state(): UploadState {
    return this.#state;
  }

  /** What is sent, as the server is told. */
  get facts(): UploadFacts {
    return this.#facts;
  }

  /** What is sent, as the browser describes it: its type may be empty, unlike the one in `facts`. */
  get description(): FileDescription {
    return this.#description;
  }

  /** What is sent. Null after a reload, until the file comes back. */
  get file(): SourceFile | null {
    return this.content.sent;
  }

  /** The chosen file, as it is known again; its samples are those of what is sent, unless that is other content. */
  get known(): KnownFile {
    return this.content.knownBy(this.fingerprint);
  }

  /** Whether the server was asked for a session, so that name and metadata are fixed. */
  get isOpened(): boolean {
    return (this.session ?? this.opening ?? this.restored?.session ?? null) !== null;
  }

  /** Why it waits or is paused; null when it does neither. */
  get reason(): WaitReason | null {
    return 'reason' in this.#state ? this.#state.reason : null;
  }

  get confirmedBytes(): number {
    return this.#confirmedBytes;
  }

  /** Sent under another name, as other content or with other metadata. Only before it is opened. */
  redescribe(change: Partial<FileDescription & { readonly metadata: Metadata | null }>): void {
    const { metadata = this.#facts.metadata, ...description } = change;
    this.#description = plainDescription({ ...this.#description, ...description });
    this.#facts = factsOf(this.id, this.#description, metadata);
    this.#touch();
  }

  /** Answers whether the event was allowed; observers hear of it if it was. */
  dispatch(event: UploadEvent): boolean {
    const previous = this.#state;
    const next = transition(previous, event);
    if (next === previous) return false;
    this.#state = next;
    if (event.type === 'restart') {
      this.attempt += 1;
      if (this.gone.signal.aborted) this.gone = new AbortController();
    }
    // Resuming gives it all its time again.
    if (next.kind === 'queued') this.retryBudget.progressed();
    this.#mirrored = null;
    if (next.kind !== 'uploading') this.#meter.stop();
    if (isTerminal(next.kind)) this.#inFlight.clear();
    this.#snapshot = null;
    this.#observer.changed(this, previous);
    return true;
  }

  /** The body of a part has gone out up to `sentBytes`. */
  sending(part: Part, sentBytes: number): void {
    const sent = this.#inFlight.get(part.number);
    if (sent === sentBytes) return;
    const before = Math.max(sent ?? 0, this.#partly.get(part.number) ?? 0);
    this.#inFlight.set(part.number, Math.min(sentBytes, partLength(part)));
    this.#move(sentBytes - before);
    this.#touch();
  }

  /** Bytes of a part that have gone out. */
  sentOf({ number }: Part): number {
    return this.#inFlight.get(number) ?? 0;
  }

  /** The request of a part has ended without a receipt: what it sent does not count. */
  notSending(part: Part): void {
    if (this.#inFlight.delete(part.number)) this.#touch();
  }

  /** The server has the first `bytes` of a part that it does not have as a whole. */
  confirmPartly(part: Part, bytes: number): void {
    const before = this.#partly.get(part.number) ?? 0;
    const confirmed = Math.min(bytes, partLength(part));
    if (confirmed <= before || this.receipts.has(part.number)) return;
    this.#move(confirmed - Math.max(this.#inFlight.get(part.number) ?? 0, before));
    this.#partly.set(part.number, confirmed);
    this.#confirmedBytes += confirmed - before;
    this.retryBudget.progressed();
    this.#touch();
  }

  confirm(receipt: Receipt): void {
    const { number, size } = receipt;
    // A request whose progress was hidden still moved its bytes.
    this.#move(size - Math.max(this.#inFlight.get(number) ?? 0, this.#partly.get(number) ?? 0));
    this.#inFlight.delete(number);
    this.retryBudget.progressed();
    this.#setReceipt(receipt);
    this.#touch();
  }

  /** Takes what the server or the ledger says as the truth, as far as it fits the plan. */
  adopt(receipts: Iterable<Receipt>): void {
    this.receipts.clear();
    this.#partly.clear();
    this.#confirmedBytes = 0;
    this.parts?.rewind();
    for (const receipt of receipts) {
      const part = this.parts?.part(receipt.number) ?? null;
      if (part !== null && receipt.isPartial === true) this.confirmPartly(part, receipt.size);
      else if (this.parts?.matches(receipt)) this.#setReceipt(receipt);
    }
    this.#touch();
  }

  /** The server has nothing of it any more; progress starts again at zero. */
  forgetSession(): void {
    this.lostSessions += 1;
    this.session = null;
    this.restored = null;
    this.parts = null;
    this.receipts.clear();
    this.#partly.clear();
    this.#confirmedBytes = 0;
    this.#ratio = 0;
    this.#touch();
  }

  /** Another tab drives it, and is that far. It is whole only when that tab lets go of it. */
  mirror(progress: MirroredProgress): void {
    this.#ratio = Math.min(progress.ratio, ALMOST);
    this.#mirrored = { ...progress, ratio: this.#ratio };
    this.#touch();
  }

  get snapshot(): UploadSnapshot {
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  #setReceipt(receipt: Receipt): void {
    const { number, size } = receipt;
    this.#confirmedBytes += size - (this.receipts.get(number)?.size ?? this.#partly.get(number) ?? 0);
    this.#partly.delete(number);
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
    for (const [number, bytes] of this.#inFlight) {
      if (!this.receipts.has(number)) sent += Math.max(0, bytes - (this.#partly.get(number) ?? 0));
    }
    return Math.min(sent, this.facts.size);
  }

  #makeSnapshot(): UploadSnapshot {
    const { description, parts, session } = this;
    const { size } = description;
    const state = this.#state;
    const done = state.kind === 'done' ? state.result : null;
    const sentBytes = done ? size : this.#sentBytes();
    this.#ratio = done ? 1 : Math.max(this.#ratio, Math.min(sentBytes / Math.max(size, 1), ALMOST));
    const now = this.#clock.now();
    return freezeSnapshot(this.#ratio, this.#meter.bytesPerSecond(now), {
      id: this.id,
      ...description,
      metadata: this.#facts.metadata,
      state: state.kind,
      reason: this.reason,
      totalBytes: size,
      sentBytes,
      confirmedBytes: done ? size : this.#confirmedBytes,
      remainingMs: state.kind === 'uploading' ? this.#meter.remainingMs(size - sentBytes, now) : null,
      parts: parts && Object.freeze({ total: parts.expectedCount, confirmed: this.receipts.size }),
      attempt: this.attempt,
      resumesAt: state.kind === 'waiting' ? state.resumesAt : null,
      protocol: session?.protocol ?? this.restored?.protocol ?? null,
      fileId: done?.fileId ?? null,
      result: done?.response ?? null,
      error: state.kind === 'failed' ? state.error : null,
      ...this.#mirrored,
    });
  }
}
