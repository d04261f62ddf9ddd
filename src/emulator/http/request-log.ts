/** The log of requests for tests: one entry per request, without queries, keys and bodies. */

export interface LogEntry {
  readonly method: string;
  /** Without query, so without signature. */
  readonly path: string;
  /** 0 until the request is answered; stays 0 when the connection was cut. */
  readonly status: number;
  /** Body bytes received. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; null while the request is open. */
  readonly endedAt: number | null;
  /** Number of the connection, from 1; requests on the same connection have the same number. */
  readonly connection: number;
  /** True when the request ended before its answer was complete, no matter which side closed the connection. */
  readonly aborted: boolean;
  /** Part number of a chunked session, null elsewhere. */
  readonly part: number | null;
  /** Name of the file; null where the request's path does not identify one. */
  readonly name: string | null;
  /** `Origin` of the page that sent it. */
  readonly origin: string | null;
  /** Types of the fault actions that fired. */
  readonly faults: readonly string[];
  /** Code and message of an error answer, null for other answers. */
  readonly error: string | null;
}

/** The entry while its request is running. */
export type LogDraft = { -readonly [Key in keyof LogEntry]: LogEntry[Key] };

const MAX_ENTRIES = 100_000;

export class RequestLog {
  #entries: LogDraft[] = [];

  /** Adds the entry; a full log drops its oldest tenth. */
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
