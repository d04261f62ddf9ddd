/**
 * Faults on demand. A script is a list of rules; `POST /emulator/faults` takes it as `{"rules": […]}` or as the bare
 * list, and replaces the script before. An empty body, `[]` and `{}` clear it. Doors (`/emulator/*`) are never struck.
 *
 * Every rule whose `match` fits counts the request. It fires by its counters, which work in this order: the first
 * `after` matches are let through; of the others every `every`-th counts; of those `probability` strikes; at most
 * `times` strike. Without counters a rule always fires. All rules that fire act together; of several that end the
 * request (`status`, `reset`, `swallow`, a spent `rate-limit`) the first in the script wins.
 *
 * Chance depends on the seed, the file's name, the part number and how often that very request came before, not on the
 * order in which parallel requests arrive: the same files under the same seed meet the same faults.
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
  /** Absent or empty: every request. */
  readonly match?: FaultMatch;
  /** Most strikes. @default unlimited */
  readonly times?: number;
  /** Strikes each n-th match. @default 1 */
  readonly every?: number;
  /** Chance of a strike, 0 to 1. @default 1 */
  readonly probability?: number;
  /** Replays chance. @default 1 */
  readonly seed?: number;
  /** Matches let through first. @default 0 */
  readonly after?: number;
  readonly action: FaultAction;
}

/** What is absent fits everything. */
export interface FaultMatch {
  /**
   * Upper case. A preflight is struck only by rules that say `OPTIONS`, and by `no-cors` for the method that it asks for.
   */
  readonly method?: string;
  /** Regular expression, sought anywhere in the path without query. A plain piece of a path is one. */
  readonly path?: string;
  /** Part number or numbers of a chunked session. */
  readonly part?: number | readonly number[];
  /** The file's whole name; fits only requests whose path tells the file (PUT to a grant, all of a session but init). */
  readonly name?: string;
}

export type FaultAction =
  /**
   * Answers so, without doing anything. The body is read first, unless `early`: then the answer comes at once and the
   * body is read behind it. `headers: {"Connection": "close"}` cuts the line after the answer.
   * @default body an error object with code `fault`
   */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly early?: boolean;
    }
  /** Does the work, then holds the answer back for `ms` milliseconds. */
  | { readonly type: 'delay'; readonly ms: number }
  /** Resets the connection after so many body bytes, or at the body's end if that comes first. @default 0, at once */
  | { readonly type: 'reset'; readonly afterBytes?: number }
  /** Takes the whole body and never answers. */
  | { readonly type: 'swallow' }
  /** Does the work, then resets the connection instead of answering. */
  | { readonly type: 'drop-answer' }
  /**
   * `wrong`: the answer lies, the record does not. `hidden`: sent, but neither exposed to pages of other origins nor
   * repeated in the body. `absent`: not sent at all.
   */
  | { readonly type: 'etag'; readonly as: 'wrong' | 'hidden' | 'absent' }
  /** No CORS header on answers and preflights. */
  | { readonly type: 'no-cors' }
  /** 429 with `Retry-After` and `x-ve-limit-*` once more than `requests` came within the window; windows do not slide. */
  | { readonly type: 'rate-limit'; readonly requests: number; readonly windowMs: number }
  /** The disk takes so many bytes of this request, then none: 507, and nothing is left behind. @default 0 */
  | { readonly type: 'disk-full'; readonly afterBytes?: number }
  /**
   * Reads the body no faster than this, in bytes per second; requests on one connection share it. Kernel buffers take a
   * few MiB ahead, so the sender's own progress runs early; the answer does not.
   */
  | { readonly type: 'bandwidth'; readonly bytesPerSecond: number };
