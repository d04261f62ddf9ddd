/**
 * A session of numbered chunks: create, send each by its order, complete, wait until stored. The server lists the
 * chunks at any time, so a later page can continue.
 *
 * The CRC-32C of the whole file is sent with the chunk that completes it (source: the vendor's client, which sends
 * chunks one after another). Here chunks are sent in parallel, so the last one waits until the others are confirmed.
 * The values of chunks that an earlier page sent are in the record; if one is missing, the value of the whole file is
 * left out, as each chunk has been checked on its own.
 */

import { combineCrc32c, toCrc32cHex } from '../../lib/crc32c.js';
import { defined } from '../../lib/defined.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type {
  CallOptions,
  Part,
  PartLimits,
  PartOptions,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../../ports/protocol.js';
import {
  chunkQuery,
  createFields,
  MAX_CHUNKS_IN_FLIGHT,
  parseCreated,
  parseSessionId,
  type SessionId,
  TAKING_STATUSES,
} from '../../wire/fastio.js';
import { type Context, declare } from './context.js';
import { atPart } from './failure.js';
import { FileLock } from './file-lock.js';
import { lookUp } from './look-up.js';

/** Errors after which only a new session can store the file. */
const FAILED: ReadonlySet<string> = new Set(['assembly-failed', 'checksum-mismatch']);

interface Init {
  readonly id: SessionId;
  readonly limits: PartLimits;
  readonly lock: FileLock | null;
  readonly crcs: Map<number, number>;
  readonly partSize: number | null;
  /** Milliseconds since 1970 by the API's clock; null where unknown. */
  readonly openedAt: number | null;
}

export class ChunkSession implements Session {
  readonly protocol = 'fastio';
  readonly limits: PartLimits;
  readonly #context: Context;
  readonly #facts: UploadFacts;
  readonly #id: SessionId;
  readonly #lock: FileLock | null;
  /** CRC-32C of confirmed parts by number. */
  readonly #crcs: Map<number, number>;
  /**
   * Taken from the chunks that are sent, because the size may change until a part is confirmed: no source requires
   * chunks of one size, and a chunk that is sent again replaces the one before. Used for sessions that list no chunks
   * any more.
   */
  #partSize: number | null;
  readonly #openedAt: number | null;
  /** Parts that the server has refused once. */
  readonly #refused = new Set<number>();
  #isQueued = false;
  #hasFailed = false;

  static async open(
    context: Context,
    facts: UploadFacts,
    limits: PartLimits,
    options: CallOptions,
  ): Promise<ChunkSession> {
    const lock = FileLock.of(context, facts);
    const openedAt = context.api.wallNow;
    const create = async () => {
      // A gateway that chooses the target also checks the type; the API itself has no field for it.
      const type = context.target.instanceId === '' && { type: facts.type };
      const form = { ...createFields(declare(facts), context.target), ...type };
      const created = parseCreated(await context.api.control({ method: 'POST', path: 'upload/', form }, options));
      if (created === null) throw new UploadError('protocol', 'the server opened a session without an id');
      return created.id;
    };
    try {
      const id = await (lock === null ? create() : lock.hold(create, options));
      return new ChunkSession(context, facts, { id, limits, lock, crcs: new Map(), partSize: null, openedAt });
    } catch (error) {
      // The next attempt acquires a new lock.
      await lock?.release();
      throw error;
    }
  }

  /** @throws UploadError `session-lost` when the record names no session. */
  static reopen(
    context: Context,
    facts: UploadFacts,
    { uploadId, crcs, partSize, openedAt }: SessionRecord,
  ): ChunkSession {
    const id = parseSessionId(uploadId);
    if (id === null) throw new UploadError('session-lost', 'the record names no session');
    const lock = FileLock.of(context, facts);
    // The earlier page may have closed without releasing it.
    lock?.rememberLost();
    return new ChunkSession(context, facts, {
      id,
      limits: {},
      lock,
      crcs: parseCrcs(crcs),
      partSize: typeof partSize === 'number' ? partSize : null,
      openedAt: typeof openedAt === 'number' ? openedAt : null,
    });
  }

  private constructor(context: Context, facts: UploadFacts, { id, limits, lock, crcs, partSize, openedAt }: Init) {
    this.#context = context;
    this.#facts = facts;
    this.#id = id;
    this.limits = { ...limits, maxParallel: MAX_CHUNKS_IN_FLIGHT, lastPartAlone: true };
    this.#lock = lock;
    this.#crcs = crcs;
    this.#partSize = partSize;
    this.#openedAt = openedAt;
  }

  get origin(): string {
    return this.#context.api.origin;
  }

  get record(): SessionRecord {
    return { uploadId: this.#id, partSize: this.#partSize, openedAt: this.#openedAt, crcs: formatCrcs(this.#crcs) };
  }

  async inspect(options: CallOptions): Promise<readonly Receipt[]> {
    if (this.#hasFailed) throw new UploadError('session-lost', 'the session has failed');
    const { status, chunks } = await this.#context.poller.inspect(this.#id, options);
    this.#isQueued = !TAKING_STATUSES.has(status);
    // An assembled session lists no chunks any more; all of them had arrived.
    return this.#isQueued && this.#partSize !== null
      ? allReceipts(this.#facts.size, this.#partSize)
      : Array.from(chunks, ([number, size]) => ({ number, size }));
  }

  sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const send = async () => {
      try {
        return await this.#send(part, body, options);
      } catch (error) {
        throw atPart(error, part.number, this.#claimRetry(error, part));
      }
    };
    // Outermost, because a retriable failure does not release the lock.
    return this.#guard(options, send);
  }

  async complete(_receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    const { fileId, status, result } = await this.#guard(options, async () => {
      if (!this.#isQueued) await this.#queueAssembly(options);
      const find = (call: CallOptions) => lookUp(this.#context, this.#facts, this.#openedAt, call);
      return this.#context.poller.untilStored(this.#id, find, options);
    });
    await this.#lock?.release();
    this.#context.api.forgetSoon(this.#id);
    return { fileId, response: { status, fileId, ...defined({ result }) } };
  }

  async cancel(options: CallOptions): Promise<void> {
    await Promise.all([this.#context.api.forget(this.#id, options), this.#lock?.release()]);
  }

  /** Allows one retry per part after 400 or 406: no source documents the code for a chunk that arrived corrupted. */
  #claimRetry(error: unknown, { number }: Part): boolean {
    if (!isUploadError(error) || error.code !== 'http' || this.#refused.has(number)) return false;
    this.#refused.add(number);
    return error.status === 400 || error.status === 406;
  }

  async #send(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const { number } = part;
    this.#partSize = number === 1 ? Math.max(part.end, 1) : part.start / (number - 1);
    const { checksum, crc32c } = await this.#context.checksums.of(body, options);
    const form = new FormData();
    form.append('chunk', body, 'chunk.bin');
    const whole = part.end === this.#facts.size && crc32c !== null ? this.#wholeCrc(part, crc32c) : null;
    const query = chunkQuery({ order: number, size: body.size }, checksum, whole);
    const path = `upload/${this.#id}/chunk/`;
    await this.#context.api.send({ path, query, form, size: body.size, ofSession: true }, options);
    if (crc32c !== null) this.#crcs.set(number, crc32c);
    return { number, size: body.size };
  }

  /** Null unless the values of all earlier parts are known. */
  #wholeCrc(last: Part, lastCrc: number): string | null {
    const partSize = this.#partSize ?? 0;
    let whole = 0;
    for (let number = 1; number < last.number; number++) {
      const crc = this.#crcs.get(number);
      if (crc === undefined) return null;
      whole = combineCrc32c(whole, crc, partSize);
    }
    return toCrc32cHex(combineCrc32c(whole, lastCrc, last.end - last.start));
  }

  /**
   * The server refuses a second request, after a lost answer or when the last chunk completed the session; the status
   * then shows whether assembly has started.
   */
  async #queueAssembly(options: CallOptions): Promise<void> {
    const { api, poller } = this.#context;
    const path = `upload/${this.#id}/complete/`;
    try {
      await api.control({ method: 'POST', path, form: {}, ofSession: true }, options);
    } catch (error) {
      if (!isUploadError(error) || error.retriable || error.code !== 'http') throw error;
      const { status } = await poller.inspect(this.#id, options);
      if (TAKING_STATUSES.has(status)) throw error;
    }
    this.#isQueued = true;
  }

  /** Runs `work` under the node's lock, if there is one, and marks the session when it has failed for good. */
  async #guard<T>(options: CallOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await (this.#lock === null ? work() : this.#lock.hold(work, options));
    } catch (error) {
      if (isUploadError(error) && FAILED.has(error.code)) {
        this.#hasFailed = true;
        this.#context.api.forgetSoon(this.#id);
      }
      throw error;
    }
  }
}

const allReceipts = (size: number, partSize: number): Receipt[] =>
  Array.from({ length: Math.max(1, Math.ceil(size / partSize)) }, (_, index) => ({
    number: index + 1,
    size: Math.min(partSize, size - index * partSize),
  }));

/** `1:e3069283,2:…`, because a record holds plain values only. */
const formatCrcs = (crcs: ReadonlyMap<number, number>): string =>
  Array.from(crcs, ([number, crc]) => `${number}:${toCrc32cHex(crc)}`).join(',');

const parseCrcs = (value: SessionRecord[string] | undefined): Map<number, number> => {
  const crcs = new Map<number, number>();
  for (const [, number, crc] of String(value ?? '').matchAll(/(\d+):([0-9a-f]{8})/g)) {
    crcs.set(Number(number), Number.parseInt(crc ?? '', 16));
  }
  return crcs;
};
