import type { IncomingMessage } from 'node:http';
import { MiB } from '../lib/byte-size.js';
import type { CurrentOptions, Generation } from './current/current-options.js';
import type { Plan, PlanLimits } from './current/plans.js';
import type { FaultRule, FaultScript } from './faults/fault-script.js';
import type { WebhookOptions } from './webhooks/webhook-options.js';

/** What the chunked dialect allows. The article names no numbers: these are ours. */
export interface PartRules {
  /** Exact size of every part but the last, in bytes; absent lets the client choose between the two bounds. */
  readonly partSize?: number;
  /** Bytes; holds for every part but the last. @default 1 MiB */
  readonly minPartSize: number;
  /** Bytes. @default 100 MiB */
  readonly maxPartSize: number;
  /** @default 10000 */
  readonly maxParts: number;
  /** Most parts of one session in flight; one more is answered 429. Absent means unlimited. */
  readonly maxParallel?: number;
}

/** What both ways of running the emulator take. */
export interface EmulatorOptions {
  /** Folder for the bytes and the sessions, made when absent. @default a temporary folder, removed by `close()` */
  readonly dataDir?: string;
  /** The bearer key that `/v1/*` and `/current/*` demand. @default a random one */
  readonly apiKey?: string;
  /**
   * Origin that presigned URLs name, such as `http://127.0.0.1:5173`; a function sees the request that asks for the
   * URL. @default the origin under which that request came in
   */
  readonly publicOrigin?: string | ((request: IncomingMessage) => string);
  /** Workspace ids that the key may write to; others are refused with 403. @default any */
  readonly workspaces?: readonly string[];
  /** Largest file, in bytes; more is answered 413. @default unlimited */
  readonly maxFileSize?: number;
  /** Bytes that the emulated disk holds, unfinished uploads included; more is answered 507. @default unlimited */
  readonly capacityBytes?: number;
  /** Rules of the chunked dialect; what is left out keeps its default. */
  readonly parts?: Partial<PartRules>;
  /** How long a session lives, in milliseconds. @default 24 hours */
  readonly sessionTtlMs?: number;
  /** Whether pages of other origins may call the chunked dialect. Presigned URLs always allow it. @default true */
  readonly chunkedCors?: boolean;
  /** Plan of the account behind `/current/*`. @default 'free' */
  readonly plan?: Plan;
  /** Generation of the `/current/` API. @default 'stored' */
  readonly generation?: Generation;
  /** What differs from the plan's limits. */
  readonly limits?: Partial<PlanLimits>;
  /** How `/current/*` behaves; what is left out keeps its default. */
  readonly current?: CurrentOptions;
  /** Told of stored files. @default none */
  readonly webhooks?: WebhookOptions;
  /** Faults from the start on. @default none */
  readonly faults?: FaultScript | readonly FaultRule[];
  /** Milliseconds since 1970; tests move it to let grants and sessions expire. @default `Date.now` */
  readonly now?: () => number;
}

export const DEFAULT_PART_RULES: PartRules = { minPartSize: MiB, maxPartSize: 100 * MiB, maxParts: 10_000 };

export const DEFAULT_SESSION_TTL_MS = 24 * 60 * 60 * 1000;
