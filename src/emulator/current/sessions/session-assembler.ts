/**
 * Assembles and stores a session's file after its last byte. Documented: the order of statuses, that each takes time,
 * that the file is not visible before `stored`, that a wrong whole-file CRC-32C ends in `assembly_failed` and 10778 in
 * the answer to the last request, 10522 for a wrong total size. Assumed: every duration and every `status_message`.
 */

import { abortableDelay } from '../../../lib/abortable.js';
import { combineCrc32c, toCrc32cHex } from '../../../lib/crc32c.js';
import { concatenate } from '../../disk/concatenate.js';
import { digestFile } from '../../disk/digest.js';
import type { Disk, TempFile } from '../../disk/disk.js';
import { CODES, CurrentError } from '../current-error.js';
import type { CurrentOptions, Generation, StageTimes } from '../current-options.js';
import type { ReceivedFile } from '../form.js';
import type { Nodes } from '../nodes.js';
import type { SessionStatus, Target, UploadSession, WholeHash } from './upload-session.js';

export interface SessionAssemblerParts {
  readonly disk: Disk;
  readonly nodes: Nodes;
  readonly stages: StageTimes;
  readonly failing: Pick<CurrentOptions, 'failsAssembly' | 'failsStore'>;
  readonly generation: Generation;
  /** Whether sessions never report the id of their node. */
  readonly hidesNodes: boolean;
}

/** CRC-32C of the file, from those of the chunks. */
const crcOf = (chunks: readonly ReceivedFile[]): string =>
  toCrc32cHex(
    chunks.reduce((crc, { digests, size }) => combineCrc32c(crc, Number.parseInt(digests.crc32c, 16), size), 0),
  );

export class SessionAssembler {
  readonly #parts: SessionAssemblerParts;

  constructor(parts: SessionAssemblerParts) {
    this.#parts = parts;
  }

  /** Whether storing takes no time, so that the answer to the last request can wait for `stored`. */
  get isInstant(): boolean {
    const { generation, stages } = this.#parts;
    return generation === 'stored' && Object.values(stages).every((ms) => ms === 0);
  }

  /** @throws CurrentError 406 with 10778 after failing the session. */
  checkCrc32c(session: UploadSession): void {
    const { declaredCrc32c } = session;
    if (declaredCrc32c === null) return;
    this.#compareCrc32c(session, declaredCrc32c, crcOf(session.chunks.map(([, file]) => file)));
  }

  /** Joins the chunks in the background, and stores the file if it has a target. */
  assembleChunks(session: UploadSession, roomBytes: number): void {
    session.enter('assemble');
    this.#runInBackground(session, async (signal) => {
      await abortableDelay(this.#parts.stages.assemble, signal);
      session.enter('assembling');
      const { disk } = this.#parts;
      const bytes = concatenate(session.chunks.map(([, { path }]) => path));
      session.assembled = await disk.write(bytes, { algorithms: ['sha256'], signal, roomBytes });
      await this.#checkHash(session, session.assembled, session.request.hash);
      await Promise.all(session.takeChunks().map((chunk) => disk.discard(chunk)));
      await this.#finishAssembly(session, signal);
    });
  }

  /** Does the same for a file received whole. @throws CurrentError 406 when its hash is not the declared one. */
  async assembleWhole(session: UploadSession, file: ReceivedFile, hash = session.request.hash): Promise<void> {
    try {
      await this.#checkHash(session, file, hash);
      session.ended.signal.throwIfAborted();
    } catch (error) {
      await this.#parts.disk.discard(file);
      throw error;
    }
    session.assembled = file;
    session.contentType = file.contentType ?? session.contentType;
    session.enter('assemble');
    this.#runInBackground(session, async (signal) => {
      await abortableDelay(this.#parts.stages.assemble, signal);
      session.enter('assembling');
      await this.#finishAssembly(session, signal);
    });
  }

  /** Stores an assembled session in the background. */
  store(session: UploadSession, name: string, target: Target): void {
    this.#runInBackground(session, (signal) => this.#store(session, { name, target, signal }));
  }

  #runInBackground(session: UploadSession, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = session.ended;
    session.processing = work(signal).catch((error: unknown) => {
      if (signal.aborted || session.isFinal) return;
      const isStoring = session.status === 'store' || session.status === 'storing';
      session.enter(isStoring ? 'store_failed' : 'assembly_failed', error instanceof Error ? error.message : 'failed');
    });
  }

  async #finishAssembly(session: UploadSession, signal: AbortSignal): Promise<void> {
    const { stages, failing } = this.#parts;
    const { name, target } = session.request;
    await abortableDelay(stages.assembling, signal);
    if (failing.failsAssembly?.test(name) === true) throw new Error('the option failsAssembly matches the name');
    session.enter('complete');
    if (target === null) return;
    await abortableDelay(stages.complete, signal);
    await this.#store(session, { name, target, signal });
  }

  async #store(session: UploadSession, to: { name: string; target: Target; signal: AbortSignal }): Promise<void> {
    const { stages, failing, nodes } = this.#parts;
    const enterFor = async (status: SessionStatus, ms: number) => {
      session.enter(status);
      await abortableDelay(ms, to.signal);
    };
    if (this.#parts.generation === 'stored') {
      await enterFor('store', stages.store);
      await enterFor('storing', stages.storing);
    } else {
      await abortableDelay(stages.store + stages.storing, to.signal);
    }
    if (failing.failsStore?.test(to.name) === true) throw new Error('the option failsStore matches the name');
    const { assembled, request, contentType } = session;
    if (assembled === null) throw new Error('there is nothing to import');
    const file =
      request.nodeId === null
        ? await nodes.place(assembled, { name: to.name, contentType }, to.target)
        : await nodes.update(assembled, to.target.instanceId, request.nodeId);
    session.assembled = null;
    session.hidesNode = this.#parts.hidesNodes;
    session.setNode(file.fileId);
    if (this.#parts.generation === 'stored') session.enter('stored');
  }

  async #checkHash(session: UploadSession, file: TempFile, hash: WholeHash | null): Promise<void> {
    if (hash === null) return;
    const computed = await digestFile(file.path, hash.algorithm);
    if (hash.algorithm === 'crc32c') this.#compareCrc32c(session, hash.value, computed);
    else this.#compareHash(session, hash, computed);
  }

  #compareCrc32c(session: UploadSession, expected: string, computed: string): void {
    if (expected === computed) return;
    session.integrityFailure = { expected_crc32c: expected, computed_crc32c: computed };
    session.enter('assembly_failed', 'the file does not have the declared CRC-32C');
    throw new CurrentError(406, CODES.crcMismatch, 'the file does not have the declared CRC-32C');
  }

  #compareHash(session: UploadSession, { algorithm, value }: WholeHash, computed: string): void {
    if (value === computed) return;
    session.enter('assembly_failed', `the file does not have the declared ${algorithm}`);
    throw new CurrentError(406, CODES.hashMismatch, `the file does not have the declared ${algorithm}`);
  }
}
