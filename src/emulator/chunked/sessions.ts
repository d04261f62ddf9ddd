/** Chunked sessions: receive and replace parts, and assemble them into a file. The JSON is in `chunked-dialect.ts`. */

import { concatenate } from '../disk/concatenate.js';
import type { Disk } from '../disk/disk.js';
import { newId, type ObjectStore } from '../disk/object-store.js';
import { ApiError } from '../http/api-error.js';
import { type Completion, createSession, type Session, type SessionFacts, type SessionPart } from './session.js';
import { SessionFolder } from './session-folder.js';

const SWEEP_EVERY_MS = 60_000;

const lost = (): ApiError => new ApiError(404, 'session-not-found', 'no such session, or it has expired');
const closed = (): ApiError => new ApiError(409, 'session-closed', 'the session takes no more parts');

export interface ReceiveOptions {
  readonly signal: AbortSignal;
  readonly roomBytes: number;
}

export class Sessions {
  readonly #disk: Disk;
  readonly #store: ObjectStore;
  readonly #now: () => number;
  readonly #folder: SessionFolder;
  readonly #sessions: Map<string, Session>;
  #sweptAt = 0;

  constructor(disk: Disk, store: ObjectStore, now: () => number) {
    this.#disk = disk;
    this.#store = store;
    this.#now = now;
    this.#folder = new SessionFolder(disk);
    this.#sessions = new Map(this.#folder.load().map((session) => [session.facts.uploadId, session]));
  }

  /** Opens a session, or returns the open one of the same file under the same idempotency key. */
  async open(request: Omit<SessionFacts, 'uploadId'>): Promise<Session> {
    await this.#sweep();
    const session = this.#findOpen(request) ?? createSession({ ...request, uploadId: newId('upl') });
    // Added before the save, because the same key may be sent again meanwhile.
    this.#sessions.set(session.facts.uploadId, session);
    await this.#folder.save(session);
    return session;
  }

  peek(uploadId: string): Session | undefined {
    return this.#sessions.get(uploadId);
  }

  /** @throws ApiError 404 when the session is unknown or has expired. */
  async find(uploadId: string): Promise<Session> {
    const session = this.#sessions.get(uploadId);
    if (session === undefined) throw lost();
    if (this.#now() < session.facts.expiresAt) return session;
    await this.remove(session);
    throw lost();
  }

  /** Stores a part, replacing an earlier one of the same number. @throws ApiError 404, 409 */
  async receivePart(
    session: Session,
    number: number,
    source: AsyncIterable<Uint8Array>,
    options: ReceiveOptions,
  ): Promise<SessionPart> {
    if (this.#isClosed(session)) throw closed();
    session.inFlight += 1;
    try {
      const temp = await this.#disk.write(source, { ...options, algorithms: ['md5'] });
      if (session.ended.signal.aborted || this.#isClosed(session)) {
        await this.#disk.discard(temp);
        throw session.ended.signal.aborted ? lost() : closed();
      }
      const part = { number, size: temp.size, etag: temp.digests.md5 };
      this.#folder.placePart(session, part, temp);
      await this.#replace(session, part);
      return part;
    } finally {
      session.inFlight -= 1;
    }
  }

  /** Assembles the file from the parts. A second call meanwhile waits for the same file. */
  complete(session: Session, parts: readonly SessionPart[], roomBytes: number): Promise<Completion> {
    session.assembling ??= this.#assemble(session, parts, roomBytes).finally(() => {
      session.assembling = null;
    });
    return session.assembling;
  }

  /** Aborts the session's running requests and deletes its parts. */
  async remove(session: Session): Promise<void> {
    this.#sessions.delete(session.facts.uploadId);
    session.ended.abort(lost());
    await session.assembling?.catch(() => {});
    await this.#folder.remove(session);
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => this.remove(session)));
  }

  #findOpen({ idempotencyKey, name, totalSize }: Omit<SessionFacts, 'uploadId'>): Session | undefined {
    if (idempotencyKey === null) return undefined;
    return [...this.#sessions.values()].find((session) => {
      const { facts } = session;
      const isSame = facts.idempotencyKey === idempotencyKey && facts.name === name && facts.totalSize === totalSize;
      return isSame && this.#now() < facts.expiresAt && !this.#isClosed(session);
    });
  }

  #isClosed(session: Session): boolean {
    return session.completion !== null || session.assembling !== null;
  }

  async #replace(session: Session, part: SessionPart): Promise<void> {
    const older = session.parts.get(part.number);
    session.parts.set(part.number, part);
    if (older === undefined) return;
    // Equal bytes have the same file name, so the rename has already replaced the file.
    if (older.etag === part.etag && older.size === part.size) this.#disk.release(older.size);
    else await this.#folder.dropPart(session, older);
  }

  async #assemble(session: Session, parts: readonly SessionPart[], roomBytes: number): Promise<Completion> {
    const { uploadId: _, totalSize, expiresAt: __, idempotencyKey: ___, ...facts } = session.facts;
    const paths = parts.map((part) => this.#folder.partFile(session, part));
    const { signal } = session.ended;
    const temp = await this.#disk.write(concatenate(paths), { algorithms: ['sha256'], signal, roomBytes });
    if (temp.size !== totalSize) {
      await this.#disk.discard(temp);
      throw new ApiError(500, 'assembly-failed', 'the parts on disk differ from what was received');
    }
    const file = await this.#store.publish(temp, { ...facts, fileId: newId('file') });
    session.completion = { file_id: file.fileId, name: file.name, size: file.size, sha256: file.sha256 };
    await this.#folder.save(session);
    for (const part of session.parts.values()) await this.#folder.dropPart(session, part);
    return session.completion;
  }

  async #sweep(): Promise<void> {
    const now = this.#now();
    if (now < this.#sweptAt + SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    const expired = [...this.#sessions.values()].filter(({ facts }) => now >= facts.expiresAt);
    await Promise.all(expired.map((session) => this.remove(session)));
  }
}
