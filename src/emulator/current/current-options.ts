import type { Algorithm } from '../disk/digest.js';
import type { EnvelopeMode } from './envelope.js';
import type { RateLimit } from './rate-limiter.js';

/** How long a session stays in each status, in milliseconds. */
export interface StageTimes {
  readonly assemble: number;
  /** At least this long; joining the chunks takes additional time. */
  readonly assembling: number;
  /** Before storing starts, where there is a target. */
  readonly complete: number;
  readonly store: number;
  readonly storing: number;
}

/** A share that exists. Guests of `receive` and `exchange` shares may upload. */
export interface Share {
  readonly id: string;
  readonly type: 'send' | 'receive' | 'exchange';
}

/** A bearer key besides `apiKey`, whose user `owner` may do everything. */
export interface ScopedKey {
  readonly key: string;
  /** Sessions and locks belong to users. */
  readonly userId: string;
  /** `entity_type:entity_id:mode` with mode `r`, `rw` or `rwa`. @default every target */
  readonly scopes?: readonly string[];
}

/**
 * The status that ends a session: `stored` in the guides up to v1.39 of September 2026; `complete` with an id since
 * v1.41 of October, which emits neither `store`, `storing` nor `stored`, and has no id yet in the answer to a single
 * request.
 */
export type Generation = 'stored' | 'complete';

/**
 * Behaviour of the `/current/` API. Where the vendor's sources contradict each other, an option selects the reading.
 */
export interface CurrentOptions {
  /** Form of the answers. @default 'flat' */
  readonly envelope?: EnvelopeMode;
  /** Hash algorithms that the server checks, in the order in which it lists them. @default all five */
  readonly algorithms?: readonly Algorithm[];
  /** A stage that is left out keeps its default. @default 20 ms each */
  readonly stages?: Partial<StageTimes>;
  /** Requests per key and window; the batch endpoint has its own count. @default unlimited, without rate headers */
  readonly rateLimit?: RateLimit;
  /** Whether pages of other origins may call; the vendor does not document it. @default false */
  readonly cors?: boolean;
  /** @default none */
  readonly shares?: readonly Share[];
  /** @default none */
  readonly keys?: readonly ScopedKey[];
  /** Lifetime of a guest's token, in milliseconds. @default 1 hour */
  readonly guestTtlMs?: number;
  /** File name extensions that are refused, without dot. @default none */
  readonly restrictedExtensions?: readonly string[];
  /** Every n-th file of a batch is answered before its node exists. @default 0, none */
  readonly unresolvedEvery?: number;
  /** Whether sessions of the generation `complete` report the id of their file. @default true */
  readonly tellsNodes?: boolean;
  /** Names of files whose assembly fails. @default none */
  readonly failsAssembly?: RegExp;
  /** Names of files whose import fails. @default none */
  readonly failsStore?: RegExp;
  /**
   * The request of a chunked session that checks the whole file's CRC-32C: the chunk that completes the file, or
   * complete.
   * @default 'complete'
   */
  readonly crcCheckedAt?: 'chunk' | 'complete';
  /** Status of the answer when another user holds the lock. @default 409 */
  readonly lockConflictStatus?: 409 | 423;
}

export const DEFAULT_ALGORITHMS: readonly Algorithm[] = ['md5', 'sha1', 'sha256', 'sha384', 'crc32c'];

export const DEFAULT_STAGES: StageTimes = { assemble: 20, assembling: 20, complete: 20, store: 20, storing: 20 };

export const DEFAULT_GUEST_TTL_MS = 60 * 60 * 1000;
