/**
 * A session of numbered chunks: create, send each by its order, complete, wait until stored. What the server holds can be
 * read at any time, so a later page goes on where this one stopped.
 *
 * The CRC-32C of the whole file belongs to the chunk that completes it (source: the vendor's client, which sends chunks
 * one after another). Ours travel side by side, so the last one waits until the others are confirmed: then it is the one
 * that completes, and on its retries it carries the same value. Chunks that an earlier page sent count by the values in
 * the record; if one is missing there, the whole file's is left out, for each chunk has been checked by itself.
 */

import { combineCrc32c, toCrc32cHex } from '../../lib/crc32c.js';
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
import { lookUp } from './look-up.js';
import { NodeLock } from './node-lock.js';

/** The session ended badly: only a new one can store the file. */
const DEAD: ReadonlySet<string> = new Set(['assembly-failed', 'checksum-mismatch']);

interface Init {
  readonly id: SessionId;
  readonly limits: PartLimits;
  readonly lock: NodeLock | null;
  readonly crcs: Map<number, number>;
  readonly partSize: number | null;
  /** Milliseconds since 1970 by the API's clock; null where that is not known. */
  readonly openedAt: number | null;
}

export class ChunkSession implements Session {
  readonly protocol = 'fastio';
  readonly limits: PartLimits;
  readonly #context: Context;
  readonly #facts: UploadFacts;
  readonly #id: SessionId;
  readonly #lock: NodeLock | null;
  /** CRC-32C of confirmed parts by number. */
  readonly #crcs: Map<number, number>;
  /**
   * Learned from what is sent, because it may change until a part is confirmed: no source wants chunks of one size, and a
   * chunk that is sent again takes the place of the one before. Tells which parts a session that lists none had.
   */
  #partSize: number | null;
  readonly #openedAt: number | null;
  /** Parts that the server has refused. */
  readonly #refused = new Set<number>();
  #isQueued = false;
  #isDead = false;

  static async open(
    context: Context,
    facts: UploadFacts,
    limits: PartLimits,
    options: CallOptions,
  ): Promise<ChunkSession> {
    const lock = NodeLock.of(context, facts);
    const openedAt = context.api.wallNow;
    const create = async () => {
      // A gateway checks its limits by the type, and chooses the target; the API itself has no place for a type.
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
      // The next attempt acquires one of its own.
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
    const lock = NodeLock.of(context, facts);
    // The earlier page may have died with it.
    lock?.mayRemain();
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
    if (this.#isDead) throw new UploadError('session-lost', 'the session ended badly');
    const { status, chunks } = await this.#context.poller.inspect(this.#id, options);
    this.#isQueued = !TAKING_STATUSES.has(status);
    // Chunks are gone once they are one file, so a session past them had them all.
    return this.#isQueued && this.#partSize !== null
      ? allReceipts(this.#facts.size, this.#partSize)
      : Array.from(chunks, ([number, size]) => ({ number, size }));
  }

  sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const send = async () => {
      try {
        return await this.#send(part, body, options);
      } catch (error) {
        throw atPart(error, part.number, this.#deservesAnother(error, part));
      }
    };
    // Outermost, because a failure that gets another chance leaves the lock.
    return this.#guard(options, send);
  }

  async complete(_receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    const stored = await this.#guard(options, async () => {
      if (!this.#isQueued) await this.#queueAssembly(options);
      const find = (call: CallOptions) => lookUp(this.#context, this.#facts, this.#openedAt, call);
      return this.#context.poller.settle(this.#id, find, options);
    });
    await this.#lock?.release();
    this.#context.api.forgetSoon(this.#id);
    return { fileId: stored.fileId, response: { status: stored.status, fileId: stored.fileId } };
  }

  async cancel(options: CallOptions): Promise<void> {
    await Promise.all([this.#context.api.forget(this.#id, options), this.#lock?.release()]);
  }

  /** No source names the code for a chunk that was damaged on the way; so the first refusal of any is not the last word. */
  #deservesAnother(error: unknown, { number }: Part): boolean {
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

  /** Null unless every part before the last one is known. */
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
   * Asked a second time, because the first answer was lost or the last chunk completed the session by itself, the server
   * refuses; then its status says whether it is at work already.
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

  /** Holds the lock of the node while `work` runs, and remembers when the session is beyond help. */
  async #guard<T>(options: CallOptions, work: () => Promise<T>): Promise<T> {
    try {
      return await (this.#lock === null ? work() : this.#lock.hold(work, options));
    } catch (error) {
      if (isUploadError(error) && DEAD.has(error.code)) {
        this.#isDead = true;
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
