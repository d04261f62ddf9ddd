/**
 * One upload session. Documented: the statuses; that the final ones are `stored`, the two failures and (without a
 * target) `complete` in the older generation of the API, and `complete` with an id in the newer one; `chunks` as a map
 * from order to bytes; `integrity_failure` (guides, references and the newest client). Assumed: the keys `name`, `size`
 * and `creator`.
 */

import type { Algorithm } from '../../disk/digest.js';
import type { TempFile } from '../../disk/disk.js';
import type { ReceivedFile } from '../form.js';

export type SessionStatus =
  | 'ready'
  | 'uploading'
  | 'assemble'
  | 'assembling'
  | 'complete'
  | 'store'
  | 'storing'
  | 'stored'
  | 'assembly_failed'
  | 'store_failed';

/** The place where the file is stored. */
export interface Target {
  readonly instanceId: string;
  readonly folderId: string;
  /** Path below the folder, with a slash at the end; empty for none. */
  readonly relativePath: string;
}

export interface WholeHash {
  readonly algorithm: Algorithm;
  /** Lower-case hex. */
  readonly value: string;
}

export interface SessionRequest {
  readonly name: string;
  /** Bytes; null when unknown. */
  readonly size: number | null;
  /** Null when the file is placed later. */
  readonly target: Target | null;
  /** The node that an update overwrites. */
  readonly nodeId: string | null;
  readonly hash: WholeHash | null;
  readonly creator: string | null;
  readonly isStream: boolean;
  /** Largest stream, in bytes. */
  readonly maxSize: number;
}

export interface IntegrityFailure {
  readonly expected_crc32c: string;
  readonly computed_crc32c: string;
}

const OPEN: ReadonlySet<SessionStatus> = new Set(['ready', 'uploading']);
const FINAL: ReadonlySet<SessionStatus> = new Set(['stored', 'assembly_failed', 'store_failed']);

export class UploadSession {
  readonly id: string;
  readonly userId: string;
  readonly request: SessionRequest;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Aborted when the session is deleted. */
  readonly ended = new AbortController();
  /** Chunk requests that are being received. */
  inFlight = 0;
  /** The CRC-32C that the chunk which completes the file declared. */
  fileCrc32c: string | null = null;
  integrityFailure: IntegrityFailure | null = null;
  /** The whole file, until it is stored. */
  assembled: TempFile<'sha256'> | null = null;
  contentType = 'application/octet-stream';
  nodeId: string | null = null;
  /** Whether the session never reports its node's id. */
  hidesNode = false;
  /** Assembling and storing in the background; resolves when both have ended, also after a failure. */
  processing: Promise<void> = Promise.resolve();
  /** Chunks on disk, by order. */
  readonly #chunks = new Map<number, ReceivedFile>();
  /** Bytes by order, including chunks that have been joined to the file. */
  readonly #chunkSizes = new Map<number, number>();
  #status: SessionStatus = 'ready';
  #statusMessage = '';
  readonly #waiting = new Set<() => void>();

  constructor(facts: { id: string; userId: string; request: SessionRequest; expiresAt: number }) {
    this.id = facts.id;
    this.userId = facts.userId;
    this.request = facts.request;
    this.expiresAt = facts.expiresAt;
  }

  get status(): SessionStatus {
    return this.#status;
  }

  /** Whether the session accepts chunks. */
  get isOpen(): boolean {
    return OPEN.has(this.#status);
  }

  /** Whether the status will not change any more. */
  get isFinal(): boolean {
    return FINAL.has(this.#status) || (this.#status === 'complete' && this.nodeId !== null && !this.hidesNode);
  }

  /** The file's CRC-32C that the client declared; null when it declared none. */
  get declaredCrc32c(): string | null {
    const { hash } = this.request;
    return this.fileCrc32c ?? (hash?.algorithm === 'crc32c' ? hash.value : null);
  }

  get receivedBytes(): number {
    return this.chunks.reduce((sum, [, { size }]) => sum + size, 0);
  }

  /** Chunks on disk, in order. */
  get chunks(): (readonly [order: number, file: ReceivedFile])[] {
    return [...this.#chunks].sort(([a], [b]) => a - b);
  }

  /** Adds the chunk, and returns an earlier one of the same order. */
  putChunk(order: number, file: ReceivedFile): ReceivedFile | undefined {
    const earlier = this.#chunks.get(order);
    this.#chunks.set(order, file);
    this.#chunkSizes.set(order, file.size);
    return earlier;
  }

  /** Removes the chunk and returns it. */
  takeChunk(order: number): ReceivedFile | undefined {
    const file = this.#chunks.get(order);
    this.#chunks.delete(order);
    this.#chunkSizes.delete(order);
    return file;
  }

  /** Removes all chunks and returns them; `describeChunks` still lists them. */
  takeChunks(): ReceivedFile[] {
    const files = this.chunks.map(([, file]) => file);
    this.#chunks.clear();
    return files;
  }

  enter(status: SessionStatus, message = ''): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#statusMessage = message;
    this.#wake();
  }

  /** Records the id of the stored file. */
  setNode(nodeId: string): void {
    this.nodeId = nodeId;
    if (!this.hidesNode) this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when the status changes, or after `ms`; at once when it is final. */
  async nextStatus(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isFinal || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        this.ended.signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      this.ended.signal.addEventListener('abort', wake, { once: true });
    });
  }

  describeChunks(): Record<string, number> {
    return Object.fromEntries([...this.#chunkSizes].sort(([a], [b]) => a - b));
  }

  describe(): object {
    const { name, size, creator } = this.request;
    return {
      id: this.id,
      name,
      size,
      status: this.#status,
      status_message: this.#statusMessage,
      new_file_id: this.hidesNode ? null : this.nodeId,
      chunks: this.describeChunks(),
      ...(creator !== null && { creator }),
      ...(this.integrityFailure !== null && { integrity_failure: this.integrityFailure }),
    };
  }
}
