import type { Algorithm } from '../disk/digest.js';
import type { EnvelopeMode } from './envelope.js';
import type { RateLimit } from './rate-limiter.js';

/** How long a session stays in each status of its own accord, in milliseconds. */
export interface StageTimes {
  readonly assemble: number;
  /** At least; joining the chunks takes its own time. */
  readonly assembling: number;
  /** Before storing starts, where there is a target. */
  readonly complete: number;
  readonly store: number;
  readonly storing: number;
}

/** A share that the API knows. Guests of `receive` and `exchange` may upload. */
export interface Share {
  readonly id: string;
  readonly type: 'send' | 'receive' | 'exchange';
}

/** A bearer key besides `apiKey`, which is the user `owner` and may do everything. */
export interface ScopedKey {
  readonly key: string;
  /** Sessions and locks belong to users. */
  readonly userId: string;
  /** `entity_type:entity_id:mode` with mode `r`, `rw` or `rwa`. @default every target */
  readonly scopes?: readonly string[];
}

/**
 * What ends a session: `stored` by the guides up to v1.39 of September 2026; `complete` with an id since v1.41 of October,
 * which emits neither `store`, `storing` nor `stored`, and has no id yet in the answer to a single request.
 */
export type Generation = 'stored' | 'complete';

/** How the `/current/` API behaves; where vendor sources contradict each other, each reading can be had. */
export interface CurrentOptions {
  /** How answers are wrapped. @default 'flat' */
  readonly envelope?: EnvelopeMode;
  /** What the server can check, in the order it lists it. @default all five */
  readonly algorithms?: readonly Algorithm[];
  /** What is left out keeps its default. @default 20 ms each */
  readonly stages?: Partial<StageTimes>;
  /** Requests per key and time; the batch endpoint counts on its own. @default unlimited, and no such headers */
  readonly rateLimit?: RateLimit;
  /** Whether pages of other origins may call, which the vendor never says. @default false */
  readonly cors?: boolean;
  /** @default none */
  readonly shares?: readonly Share[];
  /** @default none */
  readonly keys?: readonly ScopedKey[];
  /** Lifetime of a guest's token, in milliseconds. @default 1 hour */
  readonly guestTtlMs?: number;
  /** Extensions that uploads may not have, without dot. @default none */
  readonly restrictedExtensions?: readonly string[];
  /** Of the files of a batch, each n-th is answered before its node is known. @default 0, none */
  readonly unresolvedEvery?: number;
  /** Whether sessions of the generation `complete` tell the id of their file. @default true */
  readonly tellsNodes?: boolean;
  /** Names of files whose assembly fails. @default none */
  readonly failsAssembly?: RegExp;
  /** Names of files whose import fails. @default none */
  readonly failsStore?: RegExp;
  /**
   * Which request of a chunked session a wrong whole-file CRC-32C fails: the chunk that completes the file, or complete.
   * @default 'complete'
   */
  readonly crcCheckedAt?: 'chunk' | 'complete';
  /** Status that says that another user holds a lock. @default 409 */
  readonly lockConflictStatus?: 409 | 423;
}

export const DEFAULT_ALGORITHMS: readonly Algorithm[] = ['md5', 'sha1', 'sha256', 'sha384', 'crc32c'];

export const DEFAULT_STAGES: StageTimes = { assemble: 20, assembling: 20, complete: 20, store: 20, storing: 20 };

export const DEFAULT_GUEST_TTL_MS = 60 * 60 * 1000;
