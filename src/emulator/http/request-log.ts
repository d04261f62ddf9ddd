/** What the emulator saw, for tests: one entry a request, without queries, keys or bodies. */

export interface LogEntry {
  readonly method: string;
  /** Without query, so without signature. */
  readonly path: string;
  /** 0 while unanswered, and for ever when the connection was cut. */
  readonly status: number;
  /** Body bytes received. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; null while the request is open. */
  readonly endedAt: number | null;
  /** Number of the connection, counted from 1: equal for requests that shared one. */
  readonly connection: number;
  /** True when the request ended without a whole answer, whichever side cut it. */
  readonly aborted: boolean;
  /** Part number of a chunked session, null elsewhere. */
  readonly part: number | null;
  /** Name of the file, null where the request's path does not tell it. */
  readonly name: string | null;
  /** `Origin` of the page that sent it. */
  readonly origin: string | null;
  /** Types of the fault actions that struck. */
  readonly faults: readonly string[];
  /** Why the answer was an error, null otherwise. */
  readonly error: string | null;
}

/** The entry while its request runs. */
export type LogDraft = { -readonly [Key in keyof LogEntry]: LogEntry[Key] };

const MAX_ENTRIES = 100_000;

export class RequestLog {
  #entries: LogDraft[] = [];

  /** Keeps the entry; the oldest tenth goes when the log is full. */
  add(entry: LogDraft): void {
    if (this.#entries.length >= MAX_ENTRIES) this.#entries.splice(0, MAX_ENTRIES / 10);
    this.#entries.push(entry);
  }

  /** Copies, in order of arrival. */
  list(): LogEntry[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries = [];
  }
}
