import type { CorsPolicy } from './cors.js';
import type { Exchange } from './exchange.js';

/** Path parameters, percent-decoded. */
export type Params = Readonly<Record<string, string>>;

export interface Route {
  /** `*` takes what no other route of the same path takes. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | '*';
  /** Segments, `:name` for a parameter; a last `*` stands for all that follows. */
  readonly path: string;
  /** Demands the bearer key. */
  readonly needsKey: boolean;
  /** Absent: no other origin may call it. */
  readonly cors?: CorsPolicy;
  /** Name of the file that a request is about, where its path tells; faults can be aimed at it. */
  readonly nameOf?: (params: Params) => string | undefined;
  /** Number of the part that a request carries, where its query tells; faults can be aimed at it. */
  readonly partOf?: (query: URLSearchParams) => number | null;
  /** Answers through the exchange; throws an `ApiError` to refuse. */
  readonly handle: (exchange: Exchange, params: Params) => Promise<void>;
}

/** One family of requests that the emulator speaks. */
export interface Dialect {
  readonly routes: readonly Route[];
  /** Forgets all that is unfinished, its bytes included. */
  clear(): Promise<void>;
  /** Ends what goes on without a request. */
  close?(): Promise<void>;
}
