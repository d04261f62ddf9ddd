import type { CorsPolicy } from './cors.js';
import type { Exchange } from './exchange.js';

/** Path parameters, percent-decoded. */
export type Params = Readonly<Record<string, string>>;

export interface Route {
  /** `*` matches the methods that no other route of the same path has. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | '*';
  /** Segments, `:name` for a parameter; a final `*` matches the rest of the path. */
  readonly path: string;
  /** Whether the request needs the bearer key. */
  readonly needsKey: boolean;
  /** Absent when pages of other origins may not call the route. */
  readonly cors?: CorsPolicy;
  /** Name of the file that the path identifies; fault rules match it. */
  readonly nameOf?: (params: Params) => string | undefined;
  /** Number of the part that the query names; fault rules match it. */
  readonly partOf?: (query: URLSearchParams) => number | null;
  /** Answers through the exchange, or throws an `ApiError`. */
  readonly handle: (exchange: Exchange, params: Params) => Promise<void>;
}

/** One API that the emulator implements: its routes and the state behind them. */
export interface Dialect {
  readonly routes: readonly Route[];
  /** Deletes unfinished uploads and their bytes. */
  clear(): Promise<void>;
  /** Stops work that continues after its request, such as assembling. */
  close?(): Promise<void>;
}
