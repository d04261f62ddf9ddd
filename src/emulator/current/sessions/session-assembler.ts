/**
 * What happens to a session after its last byte. Documented: the order of statuses, that each takes time, that nothing is
 * visible before `stored`, that a wrong whole-file CRC-32C ends in `assembly_failed` with 10778 for the request that
 * finalised, 10522 for a wrong sum. Assumed: every duration and every `status_message`.
 */

import { createReadStream } from 'node:fs';
import { abortableDelay } from '../../../lib/abortable.js';
import { MiB } from '../../../lib/byte-size.js';
import { combineCrc32c, toCrc32cHex } from '../../../lib/crc32c.js';
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
  /** Sessions never tell the id of their node. */
  readonly hidesNodes: boolean;
}

const concatenate = async function* (files: readonly ReceivedFile[]) {
  for (const { path } of files) yield* createReadStream(path, { highWaterMark: MiB });
};

/** CRC-32C of the whole, from those of the chunks. */
const crcOf = (chunks: readonly ReceivedFile[]): string =>
  toCrc32cHex(
    chunks.reduce((crc, { digests, size }) => combineCrc32c(crc, Number.parseInt(digests.crc32c, 16), size), 0),
  );

export class SessionAssembler {
  readonly #parts: SessionAssemblerParts;

  constructor(parts: SessionAssemblerParts) {
    this.#parts = parts;
  }

  /** Whether the time between the last byte and `stored` is nothing that an answer could not wait for. */
  get isInstant(): boolean {
    const { generation, stages } = this.#parts;
    return generation === 'stored' && Object.values(stages).every((ms) => ms === 0);
  }

  /** @throws CurrentError 406 with 10778; the session has failed then. */
  checkCrc32c(session: UploadSession): void {
    const { declaredCrc32c } = session;
    if (declaredCrc32c === null) return;
    this.#compareCrc32c(session, declaredCrc32c, crcOf(session.chunks.map(([, file]) => file)));
  }

  /** Joins the chunks in the background, and stores the file where it has a target. */
  assembleChunks(session: UploadSession, roomBytes: number): void {
    session.enter('assemble');
    this.#settle(session, async (signal) => {
      await abortableDelay(this.#parts.stages.assemble, signal);
      session.enter('assembling');
      const { disk } = this.#parts;
      const bytes = concatenate(session.chunks.map(([, file]) => file));
      session.assembled = await disk.write(bytes, { algorithms: ['sha256'], signal, roomBytes });
      await this.#checkHash(session, session.assembled, session.request.hash);
      await Promise.all(session.takeChunks().map((chunk) => disk.discard(chunk)));
      await this.#finishAssembly(session, signal);
    });
  }

  /** The same for a file that came in one piece. @throws CurrentError 406 when it has not the declared hash. */
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
    this.#settle(session, async (signal) => {
      await abortableDelay(this.#parts.stages.assemble, signal);
      session.enter('assembling');
      await this.#finishAssembly(session, signal);
    });
  }

  /** Stores an assembled session in the background. */
  store(session: UploadSession, name: string, target: Target): void {
    this.#settle(session, (signal) => this.#store(session, { name, target, signal }));
  }

  #settle(session: UploadSession, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = session.ended;
    session.settling = work(signal).catch((error: unknown) => {
      if (signal.aborted || session.isFinal) return;
      const isStoring = session.status === 'store' || session.status === 'storing';
      session.enter(isStoring ? 'store_failed' : 'assembly_failed', error instanceof Error ? error.message : 'failed');
    });
  }

  async #finishAssembly(session: UploadSession, signal: AbortSignal): Promise<void> {
    const { stages, failing } = this.#parts;
    const { name, target } = session.request;
    await abortableDelay(stages.assembling, signal);
    if (failing.failsAssembly?.test(name) === true) throw new Error('the assembly was told to fail');
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
    if (failing.failsStore?.test(to.name) === true) throw new Error('the import was told to fail');
    const { assembled, request, contentType } = session;
    if (assembled === null) throw new Error('there is nothing to import');
    const file =
      request.nodeId === null
        ? await nodes.place(assembled, { name: to.name, contentType }, to.target)
        : await nodes.update(assembled, to.target.instanceId, request.nodeId);
    session.assembled = null;
    session.hidesNode = this.#parts.hidesNodes;
    session.name(file.fileId);
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
    session.enter('assembly_failed', 'the file has not the CRC-32C that was declared');
    throw new CurrentError(406, CODES.crcMismatch, 'the file has not the CRC-32C that was declared');
  }

  #compareHash(session: UploadSession, { algorithm, value }: WholeHash, computed: string): void {
    if (value === computed) return;
    session.enter('assembly_failed', `the file has not the ${algorithm} that was declared`);
    throw new CurrentError(406, CODES.hashMismatch, `the file has not the ${algorithm} that was declared`);
  }
}
