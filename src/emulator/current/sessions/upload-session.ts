/**
 * One upload session. Documented: the statuses and that nothing but `stored`, the two failures and (without a target)
 * `complete` are ends in the older generation of the API, and `complete` with an id in the newer one; `chunks` as a map from order to bytes; `integrity_failure` (guides, references and the newest
 * client). Assumed: the further keys `name`, `size` and `creator`.
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

/** Where the file goes. */
export interface Target {
  readonly instanceId: string;
  readonly folderId: string;
  /** Folders below, with a slash at the end; empty for none. */
  readonly relativePath: string;
}

export interface WholeHash {
  readonly algorithm: Algorithm;
  /** Lower-case hex. */
  readonly value: string;
}

export interface SessionRequest {
  readonly name: string;
  /** Bytes; null where the sender does not know. */
  readonly size: number | null;
  /** Null uploads without placing. */
  readonly target: Target | null;
  /** The node that an update overwrites. */
  readonly nodeId: string | null;
  readonly hash: WholeHash | null;
  readonly creator: string | null;
  readonly isStream: boolean;
  /** Most bytes of a stream. */
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
  /** Declared with the chunk that completes the file. */
  fileCrc32c: string | null = null;
  integrityFailure: IntegrityFailure | null = null;
  /** The whole file, until it is stored. */
  assembled: TempFile<'sha256'> | null = null;
  contentType = 'application/octet-stream';
  nodeId: string | null = null;
  /** The id of the node is never told. */
  hidesNode = false;
  /** What happens after the last byte; settles when the session rests. */
  settling: Promise<void> = Promise.resolve();
  /** Those on disk, by order. */
  readonly #chunks = new Map<number, ReceivedFile>();
  /** Bytes by order, also of those that have become part of the file. */
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

  /** Whether it takes bytes. */
  get isOpen(): boolean {
    return OPEN.has(this.#status);
  }

  /** Whether what it says will never change again. */
  get isFinal(): boolean {
    return FINAL.has(this.#status) || (this.#status === 'complete' && this.nodeId !== null && !this.hidesNode);
  }

  /** What the whole file is said to have; null when it was not said. */
  get declaredCrc32c(): string | null {
    const { hash } = this.request;
    return this.fileCrc32c ?? (hash?.algorithm === 'crc32c' ? hash.value : null);
  }

  get receivedBytes(): number {
    return this.chunks.reduce((sum, [, { size }]) => sum + size, 0);
  }

  /** Those on disk, in order. */
  get chunks(): (readonly [order: number, file: ReceivedFile])[] {
    return [...this.#chunks].sort(([a], [b]) => a - b);
  }

  /** Keeps the chunk; gives back the one of that order that was there before. */
  putChunk(order: number, file: ReceivedFile): ReceivedFile | undefined {
    const earlier = this.#chunks.get(order);
    this.#chunks.set(order, file);
    this.#chunkSizes.set(order, file.size);
    return earlier;
  }

  /** Forgets the chunk and hands it over. */
  takeChunk(order: number): ReceivedFile | undefined {
    const file = this.#chunks.get(order);
    this.#chunks.delete(order);
    this.#chunkSizes.delete(order);
    return file;
  }

  /** Hands over all that are on disk; what was received stays known. */
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

  /** The file is in its folder. */
  name(nodeId: string): void {
    this.nodeId = nodeId;
    if (!this.hidesNode) this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when the status is another one, or after `ms`; at once when it is final. */
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
