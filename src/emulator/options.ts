import type { IncomingMessage } from 'node:http';
import { MiB } from '../lib/byte-size.js';
import type { CurrentOptions, Generation } from './current/current-options.js';
import type { Plan, PlanLimits } from './current/plans.js';
import type { FaultRule, FaultScript } from './faults/fault-script.js';
import type { WebhookOptions } from './webhooks/webhook-options.js';

/** Limits of the chunked dialect. The defaults are assumed: the article gives no numbers. */
export interface PartRules {
  /** Exact size of every part but the last, in bytes; absent lets the client choose between the two bounds. */
  readonly partSize?: number;
  /** Bytes, for every part but the last. @default 1 MiB */
  readonly minPartSize: number;
  /** Bytes. @default 100 MiB */
  readonly maxPartSize: number;
  /** @default 10000 */
  readonly maxParts: number;
  /** Parts of one session that may be in flight; one more is answered 429. @default unlimited */
  readonly maxParallel?: number;
}

/** Options of `createEmulator` and `startEmulator`. */
export interface EmulatorOptions {
  /** Folder for bytes and sessions, created when missing. @default a temporary folder, removed by `close()` */
  readonly dataDir?: string;
  /** The bearer key for `/v1/*` and `/current/*`. @default a random one */
  readonly apiKey?: string;
  /**
   * Origin of presigned URLs, such as `http://127.0.0.1:5173`; a function receives the request for the URL.
   * @default the origin that this request was sent to
   */
  readonly publicOrigin?: string | ((request: IncomingMessage) => string);
  /** Workspace ids that the key may write to; others are answered 403. @default any */
  readonly workspaces?: readonly string[];
  /** Largest file, in bytes; a larger one is answered 413. @default unlimited */
  readonly maxFileSize?: number;
  /** Bytes that fit on the emulated disk, unfinished uploads included; more is answered 507. @default unlimited */
  readonly capacityBytes?: number;
  /** Limits of the chunked dialect; a field that is left out keeps its default. */
  readonly parts?: Partial<PartRules>;
  /** Lifetime of a session, in milliseconds. @default 24 hours */
  readonly sessionTtlMs?: number;
  /** Whether pages of other origins may call the chunked dialect. They may always use presigned URLs. @default true */
  readonly chunkedCors?: boolean;
  /** Plan of the account behind `/current/*`. @default 'free' */
  readonly plan?: Plan;
  /** Generation of the `/current/` API. @default 'stored' */
  readonly generation?: Generation;
  /** Replaces single limits of the plan. */
  readonly limits?: Partial<PlanLimits>;
  /** Behaviour of `/current/*`; a field that is left out keeps its default. */
  readonly current?: CurrentOptions;
  /** The receiver that is notified of stored files. @default none */
  readonly webhooks?: WebhookOptions;
  /** Faults from the start. @default none */
  readonly faults?: FaultScript | readonly FaultRule[];
  /** Time in milliseconds since 1970; tests replace it to let grants and sessions expire. @default `Date.now` */
  readonly now?: () => number;
}

export const DEFAULT_PART_RULES: PartRules = { minPartSize: MiB, maxPartSize: 100 * MiB, maxParts: 10_000 };

export const DEFAULT_SESSION_TTL_MS = 24 * 60 * 60 * 1000;
