/**
 * Chunks of a session. Documented: `order` from 1, `size`, `hash` with `hash_algo`, `file_crc32c` with the chunk that
 * completes the file and on its retries only; query (the vendor's client) or form fields (guides); at most three in
 * flight; at least one mebibyte except for the last; the plan's limits of chunks; 10778 and 10779; 406 on a stream
 * session. Assumed: 429 for the fourth in flight and 406 for the other refusals; that an order sent again replaces the
 * chunk, because the client resends after timeouts; the answers' fields.
 */

import { digestFile } from '../../disk/digest.js';
import { CODES, CurrentError, invalid, missing, notFound, wrongState } from '../current-error.js';
import { type Form, type ReceivedFile, withForm } from '../form.js';
import { MAX_CHUNKS_IN_FLIGHT, MIN_CHUNK_BYTES } from '../plans.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import { readHash } from '../sessions/session-request.js';
import type { UploadSession } from '../sessions/upload-session.js';

const parseOrder = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;

const orderOf = (query: URLSearchParams): number | null => parseOrder(query.get('order'));

class ChunkRoutes {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async put(call: Call, { id = '' }: Params): Promise<Reply> {
    const { exchange } = call;
    const session = await this.#findOpen(call, id);
    // An order in the query can be refused before the body is read.
    if (exchange.query.has('order')) this.#checkOrder(exchange.query.get('order'));
    if (session.inFlight >= MAX_CHUNKS_IN_FLIGHT) {
      throw new CurrentError(429, CODES.tooManyChunks, 'too many chunks of this session in flight');
    }
    session.inFlight += 1;
    try {
      return await withForm(exchange, this.#services.disk, (form) => this.#putFrom(form, session, call), {
        isFile: (name) => name === 'chunk',
        maxFileBytes: this.#services.limits.chunkSize,
      });
    } finally {
      session.inFlight -= 1;
    }
  }

  async list(call: Call, { id = '' }: Params): Promise<Reply> {
    const session = await this.#services.sessions.find(id, call.caller.userId);
    return { payload: { chunks: session.describeChunks() } };
  }

  async remove(call: Call, { id = '' }: Params): Promise<Reply> {
    const session = await this.#findOpen(call, id);
    const chunk = session.takeChunk(this.#checkOrder(call.exchange.query.get('order')));
    if (chunk === undefined) throw notFound('chunk');
    await this.#services.disk.discard(chunk);
    return { payload: {} };
  }

  async #findOpen({ caller }: Call, id: string): Promise<UploadSession> {
    const session = await this.#services.sessions.find(id, caller.userId);
    if (session.request.isStream) throw wrongState('a stream session takes no chunks');
    if (!session.isOpen) throw wrongState('the session is not in a valid state');
    return session;
  }

  #checkOrder(text: string | null): number {
    if (text === null) throw missing('order');
    const order = parseOrder(text);
    const { chunks } = this.#services.limits;
    if (order === null || order > chunks) throw invalid('order', `Orders are 1 to ${chunks}.`);
    return order;
  }

  async #putFrom(form: Form, session: UploadSession, { exchange }: Call): Promise<Reply> {
    const order = this.#checkOrder(form.get('order'));
    exchange.entry.part = order;
    const file = form.takeFile('chunk');
    if (file === null) throw missing('chunk');
    try {
      await this.#checkFile(form, file);
      // The session may have been completed or deleted while the body was read.
      session.ended.signal.throwIfAborted();
      if (!session.isOpen) throw wrongState('the session is not in a valid state');
      this.#checkPlace(session, order, file);
      this.#declareCrc32c(form, session, { order, size: file.size });
    } catch (error) {
      await this.#services.disk.discard(file);
      throw error;
    }
    session.enter('uploading');
    const earlier = session.putChunk(order, file);
    if (earlier !== undefined) await this.#services.disk.discard(earlier);
    const { assembler, options } = this.#services;
    if (options.crcCheckedAt === 'chunk' && form.get('file_crc32c') !== null) assembler.checkCrc32c(session);
    return { payload: { order, size: file.size } };
  }

  async #checkFile(form: Form, file: ReceivedFile): Promise<void> {
    const size = form.integer('size');
    if (size === null) throw missing('size');
    if (size !== file.size) throw invalid('size', `The chunk has ${file.size} bytes.`);
    const hash = readHash(form, this.#services.algorithms);
    if (hash === null) return;
    if ((await digestFile(file.path, hash.algorithm)) !== hash.value) {
      throw new CurrentError(
        406,
        CODES.hashMismatch,
        `the chunk does not match the ${hash.algorithm} that was sent with it`,
      );
    }
  }

  /** Only the last chunk of a session may be small. */
  #checkPlace(session: UploadSession, order: number, { size }: ReceivedFile): void {
    const others = session.chunks.filter(([other]) => other !== order);
    const small = others.find(([, other]) => other.size < MIN_CHUNK_BYTES);
    const isSmall = size < MIN_CHUNK_BYTES;
    if (isSmall && small !== undefined) throw invalid('size', `Chunk ${small[0]} is below the minimum size already.`);
    if (isSmall && others.some(([other]) => other > order))
      throw invalid('size', 'Only the last chunk may be so small.');
  }

  #declareCrc32c(form: Form, session: UploadSession, chunk: { order: number; size: number }): void {
    const declared = form.get('file_crc32c');
    if (declared === null) return;
    if (!/^[0-9a-f]{8}$/.test(declared)) throw invalid('file_crc32c', 'This is not a CRC-32C of eight hex digits.');
    const others = session.chunks.filter(([order]) => order !== chunk.order);
    const received = others.reduce((sum, [, { size }]) => sum + size, chunk.size);
    if (received !== session.request.size) throw invalid('file_crc32c', 'This chunk does not complete the file.');
    if ((session.declaredCrc32c ?? declared) !== declared) {
      throw new CurrentError(409, CODES.crcConflict, 'the file has another CRC-32C already');
    }
    session.fileCrc32c = declared;
  }
}

export const createChunkRoutes = (services: Services): CurrentRoute[] => {
  const routes = new ChunkRoutes(services);
  const path = 'upload/:id/chunk/';
  return [
    { method: 'POST', path, partOf: orderOf, handle: (call, params) => routes.put(call, params) },
    { method: 'GET', path, handle: (call, params) => routes.list(call, params) },
    { method: 'DELETE', path, partOf: orderOf, handle: (call, params) => routes.remove(call, params) },
  ];
};
