/** A file below 4 MiB: one part, stored by the request that sends it. */

import { abortable } from '../../../lib/abortable.js';
import { defined } from '../../../lib/defined.js';
import { isUploadError, UploadError } from '../../../ports/errors.js';
import type {
  CallOptions,
  Part,
  PartOptions,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../../../ports/protocol.js';
import { parseSessionId, TAKING_STATUSES } from '../../../wire/fastio.js';
import { BATCH_MAX_NAME_LENGTH } from '../../../wire/fastio-batch.js';
import type { StoredSession } from '../completion-poller.js';
import { type Context, declare } from '../context.js';
import { atPart } from '../failure.js';
import { lookUp } from '../look-up.js';
import {
  ALONE,
  type Arrival,
  type BatchMember,
  type BatchOutcome,
  type SmallFile,
  type SmallFiles,
} from './small-files.js';

/** After this many failed batches the file is sent alone. */
const MAX_BATCH_FAILURES = 3;

export class SmallSession implements Session {
  readonly protocol = 'fastio';
  readonly limits = { maxParts: 1 };
  /** Null because `SmallFiles` acquires the slots. */
  readonly origin = null;
  readonly #context: Context;
  readonly #files: SmallFiles;
  readonly #facts: UploadFacts;
  #arrival: Arrival | null;
  /** Its membership in a batch, kept over a pause: a request that continues for other files sends this one too. */
  #member: BatchMember | null = null;
  /** Ends the announcement to the batcher. */
  readonly #arrived: () => void;
  #goesAlone: boolean;
  #batchFailures = 0;

  /** `origin` is the arrival of an earlier page's file, or the function that ends the announcement of a new one. */
  constructor(context: Context, files: SmallFiles, facts: UploadFacts, origin: Arrival | (() => void)) {
    this.#context = context;
    this.#files = files;
    this.#facts = facts;
    const isNew = typeof origin === 'function';
    this.#arrival = isNew ? null : origin;
    this.#arrived = isNew ? origin : () => {};
    // A batch cannot replace files, and it shortens long names.
    this.#goesAlone = declare(facts).replaces !== undefined || Array.from(facts.name).length > BATCH_MAX_NAME_LENGTH;
  }

  /** @throws UploadError `session-lost` when the record has neither a session nor a file. */
  static reopen(context: Context, files: SmallFiles, facts: UploadFacts, record: SessionRecord): SmallSession {
    const id = parseSessionId(record.uploadId);
    const fileId = typeof record.fileId === 'string' ? record.fileId : null;
    if (id === null && fileId === null) throw new UploadError('session-lost', 'the record names no session');
    return new SmallSession(context, files, facts, {
      id,
      fileId,
      isBatched: record.isBatched === true,
      sentAt: typeof record.sentAt === 'number' ? record.sentAt : null,
    });
  }

  get record(): SessionRecord | null {
    if (this.#arrival === null) return null;
    const { id, fileId, isBatched, sentAt } = this.#arrival;
    return { uploadId: id, fileId, isBatched, sentAt };
  }

  async inspect(options: CallOptions): Promise<readonly Receipt[]> {
    const receipts = [{ number: 1, size: this.#facts.size }];
    const { id, fileId } = this.#arrival ?? {};
    if (fileId) return receipts;
    if (!id) return [];
    const { status } = await this.#context.poller.inspect(id, options);
    return TAKING_STATUSES.has(status) ? [] : receipts;
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    try {
      const { checksum } = await this.#context.checksums.of(body, options).finally(this.#arrived);
      this.#arrival = await this.#send({ facts: this.#facts, body, checksum }, options);
    } catch (error) {
      throw atPart(error, part.number);
    }
    return { number: part.number, size: body.size };
  }

  async complete(_receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    const { id = null, fileId: known = null, isBatched = true, result: told } = this.#arrival ?? {};
    const { fileId, result } = known === null ? await this.#untilStored(options) : { fileId: known, result: told };
    if (id !== null && !isBatched) this.#context.api.forgetSoon(id);
    return { fileId, response: { status: 'stored', fileId, ...defined({ result }) } };
  }

  async cancel(options: CallOptions): Promise<void> {
    const member = this.#member;
    const isUnderWay = member !== null && !this.#files.batcher.leave(member);
    const late = isUnderWay ? await abortable(member.outcome, options.signal) : null;
    const { id } = this.#arrival ?? (isArrival(late) ? late : { id: null });
    if (id !== null) await this.#context.api.forget(id, options);
  }

  async #send(file: SmallFile, options: PartOptions): Promise<Arrival> {
    const isBatched = this.#member !== null || this.#files.batcher.takes(file.body.size);
    if (!this.#goesAlone && this.#files.takesBatches && isBatched) {
      const outcome = await this.#sendTogether(file, options);
      if (isUploadError(outcome)) throw outcome;
      if (outcome !== ALONE) return outcome;
    }
    return this.#sendAlone(file, options);
  }

  async #sendTogether(file: SmallFile, { signal, onProgress }: PartOptions): Promise<BatchOutcome> {
    const { batcher } = this.#files;
    const earlier = this.#member;
    const isBack = earlier !== null && batcher.rejoin(earlier, onProgress);
    const member = isBack ? earlier : batcher.join(file, file.body.size, onProgress);
    this.#member = member;
    try {
      const outcome = await abortable(member.outcome, signal);
      this.#member = null;
      return outcome;
    } catch (error) {
      if (!signal.aborted || batcher.leave(member)) this.#member = null;
      if (isUploadError(error)) this.#countFailure(error);
      throw error;
    }
  }

  /**
   * As the vendor's client does: after a timeout the file is sent alone, because the batch may have been stored; after
   * repeated failures as well.
   */
  #countFailure({ code }: UploadError): void {
    if (code === 'rate-limited' || code === 'network') return;
    this.#batchFailures += 1;
    this.#goesAlone = code === 'timeout' || this.#batchFailures >= MAX_BATCH_FAILURES;
  }

  /**
   * After a lost answer the file may be stored. Sending a new file again makes it a version of itself, which the
   * vendor's client accepts; replacing a node again would add a version, so that is retried only after `rate-limited`.
   */
  async #sendAlone(file: SmallFile, options: PartOptions): Promise<Arrival> {
    try {
      return await this.#files.sendAlone(file, options);
    } catch (error) {
      const isSafe = declare(this.#facts).replaces === undefined;
      if (isSafe || !isUploadError(error) || error.code === 'rate-limited') throw error;
      throw error.with({ retriable: false });
    }
  }

  async #untilStored(options: CallOptions): Promise<StoredSession> {
    const { id = null, sentAt = null } = this.#arrival ?? {};
    if (id === null) throw new UploadError('part-mismatch', 'the server has not taken the file');
    const find = (call: CallOptions) => lookUp(this.#context, this.#facts, sentAt, call);
    try {
      return await this.#context.poller.untilStored(id, find, options);
    } catch (error) {
      // The storage did not keep the file, so a retry has to send it again.
      if (isUploadError(error) && !error.retriable) this.#arrival = null;
      throw error;
    }
  }
}

const isArrival = (outcome: BatchOutcome | null): outcome is Arrival =>
  outcome !== null && outcome !== ALONE && !isUploadError(outcome);
