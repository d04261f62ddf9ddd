import type { Algorithm } from '../disk/digest.js';
import type { Disk } from '../disk/disk.js';
import type { Exchange } from '../http/exchange.js';
import type { Access, Caller } from './access.js';
import type { CurrentOptions } from './current-options.js';
import type { Nodes } from './nodes.js';
import type { Plan, PlanLimits } from './plans.js';
import type { SessionAssembler } from './sessions/session-assembler.js';
import type { Sessions } from './sessions/sessions.js';

/** The services that the routes share. */
export interface Services {
  readonly disk: Disk;
  readonly access: Access;
  readonly sessions: Sessions;
  readonly assembler: SessionAssembler;
  readonly nodes: Nodes;
  readonly plan: Plan;
  readonly limits: PlanLimits;
  readonly algorithms: readonly Algorithm[];
  readonly options: CurrentOptions;
  readonly now: () => number;
}

/** A request and its sender. */
export interface Call {
  readonly exchange: Exchange;
  readonly caller: Caller;
}

/** An answer without its envelope. */
export interface Reply {
  /** @default 200 */
  readonly status?: number;
  readonly payload: object;
}

export type Params = Readonly<Record<string, string>>;

export interface CurrentRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/current/`. */
  readonly path: string;
  /** Whether the route needs no key. @default false */
  readonly isPublic?: boolean;
  /** Bucket of the rate limit. @default 'calls' */
  readonly bucket?: string;
  /** Number of the chunk that the query names. */
  readonly partOf?: (query: URLSearchParams) => number | null;
  readonly handle: (call: Call, params: Params) => Promise<Reply>;
}
