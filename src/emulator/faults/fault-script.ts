/**
 * Faults on demand. A script is a list of rules; `POST /emulator/faults` takes it as `{"rules": […]}` or as the bare
 * list, and replaces the previous script. An empty body, `[]` and `{}` clear it. Rules never apply to admin routes
 * (`/emulator/*`).
 *
 * Every rule whose `match` fits counts the request. Its counters decide in this order whether it fires: it skips the
 * first `after` matches; of the others it takes every `every`-th; of those it fires with `probability`; it fires at
 * most `times` times. Without counters a rule always fires. All rules that fire act together; of several that end the
 * request (`status`, `reset`, `swallow`, an exhausted `rate-limit`) the first in the script wins.
 *
 * Chance depends on the seed, the file's name, the part number and how often the same request came before, not on the
 * order in which parallel requests arrive: the same files with the same seed get the same faults.
 *
 * ```json
 * {"rules": [
 *   {"match": {"method": "PUT", "path": "/parts$"}, "probability": 0.2, "seed": 7, "action": {"type": "reset", "afterBytes": 65536}},
 *   {"match": {"part": 3}, "times": 1, "action": {"type": "status", "status": 429, "headers": {"Retry-After": "3"}}},
 *   {"match": {"path": "^/storage/", "name": "a.bin"}, "action": {"type": "disk-full", "afterBytes": 1048576}}
 * ]}
 * ```
 */
export interface FaultScript {
  readonly rules: readonly FaultRule[];
}

export interface FaultRule {
  /** @default every request */
  readonly match?: FaultMatch;
  /** How often the rule fires at most. @default unlimited */
  readonly times?: number;
  /** Fires at each n-th match. @default 1 */
  readonly every?: number;
  /** Probability of firing, 0 to 1. @default 1 */
  readonly probability?: number;
  /** Seed of `probability`. @default 1 */
  readonly seed?: number;
  /** Number of matches to skip first. @default 0 */
  readonly after?: number;
  readonly action: FaultAction;
}

/** A field that is absent matches every request. */
export interface FaultMatch {
  /**
   * Upper case. A preflight is matched only by rules with `OPTIONS`, and by `no-cors` rules for the method it requests.
   */
  readonly method?: string;
  /** Regular expression, tested anywhere in the path without query; a plain piece of a path works too. */
  readonly path?: string;
  /** Part number or numbers of a chunked session. */
  readonly part?: number | readonly number[];
  /** The file's full name; requests whose path identifies no file do not match, such as the init of a session. */
  readonly name?: string;
}

export type FaultAction =
  /**
   * Sends this answer and does nothing else. The body is read first; with `early` the answer comes at once and the
   * body is read after it. `headers: {"Connection": "close"}` closes the connection after the answer.
   * @default body an error object with code `fault`
   */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly early?: boolean;
    }
  /** Processes the request, then delays the answer by `ms` milliseconds. */
  | { readonly type: 'delay'; readonly ms: number }
  /** Resets the connection after so many body bytes, or at the body's end if that comes first. @default 0, at once */
  | { readonly type: 'reset'; readonly afterBytes?: number }
  /** Reads the whole body and never answers. */
  | { readonly type: 'swallow' }
  /** Processes the request, then resets the connection instead of answering. */
  | { readonly type: 'drop-answer' }
  /**
   * `wrong`: the answer has a wrong ETag, the stored one is right. `hidden`: the ETag is sent, but neither exposed to
   * pages of other origins nor repeated in the body. `absent`: it is not sent.
   */
  | { readonly type: 'etag'; readonly as: 'wrong' | 'hidden' | 'absent' }
  /** Leaves the CORS headers out of answers and preflights. */
  | { readonly type: 'no-cors' }
  /** 429 with `Retry-After` and `x-ve-limit-*` after more than `requests` in a fixed window of `windowMs`. */
  | { readonly type: 'rate-limit'; readonly requests: number; readonly windowMs: number }
  /** The disk is full after this many bytes of the request: 507, and nothing is stored. @default 0 */
  | { readonly type: 'disk-full'; readonly afterBytes?: number }
  /**
   * Reads the body no faster than this, in bytes per second, shared by the requests of a connection. Kernel buffers
   * accept a few MiB more, so the sender's own progress runs ahead; the answer does not.
   */
  | { readonly type: 'bandwidth'; readonly bytesPerSecond: number };
