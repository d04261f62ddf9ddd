/** The page's headers for requests to its endpoint. They are read for each request and never stored. */

import { abortable } from '../../lib/abortable.js';
import type { Clock } from '../../ports/clock.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import type { HeadersOption } from '../../ports/transport.js';
import { withoutContentType } from '../../wire/headers.js';

export type HeaderRecord = Readonly<Record<string, string>>;

/** Longest wait for the `headers` function, in milliseconds; equal to the wait for an answer. */
const TIMEOUT_MS = 30_000;

export class PageHeaders {
  readonly #source: HeadersOption;
  readonly #clock: Clock;

  constructor(source: HeadersOption, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * A function may send a request of its own, so its failure is retriable and its time is limited.
   * @throws UploadError `network` when the function fails, `configuration` for values that are not headers.
   */
  async read({ signal }: CallOptions): Promise<HeaderRecord> {
    const source = this.#source;
    if (typeof source !== 'function') return toRecord(source);
    const cleanup = new AbortController();
    try {
      // The function is called before the delay starts: if it throws, no rejection of the delay is left unhandled.
      const first = Promise.race([source(), this.#clock.delay(TIMEOUT_MS, cleanup).then(() => Promise.reject())]);
      return toRecord(await abortable(first, signal));
    } catch (cause) {
      signal.throwIfAborted();
      if (isUploadError(cause)) throw cause;
      throw new UploadError('network', 'the headers function failed', { cause });
    } finally {
      cleanup.abort();
    }
  }

  /** Reads the headers again; null when they equal the refused ones. */
  async renewed(refused: HeaderRecord, options: CallOptions): Promise<HeaderRecord | null> {
    if (typeof this.#source !== 'function') return null;
    const headers = await this.read(options);
    const names = new Set([...Object.keys(headers), ...Object.keys(refused)]);
    return [...names].some((name) => headers[name] !== refused[name]) ? headers : null;
  }
}

const wrong = (what: string): never => {
  throw new UploadError('configuration', `${what}: set headers to an object of strings, Headers or pairs`);
};

const toRecord = (headers: unknown): HeaderRecord => {
  const given = headers ?? {};
  if (typeof given !== 'object') return wrong(`headers of type ${typeof given}`);
  const entries: readonly unknown[] =
    Symbol.iterator in given ? [...(given as Iterable<unknown>)] : Object.entries(given);
  const record: Record<string, string> = {};
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2) return wrong('headers that are a list of other things');
    const [name, value]: readonly unknown[] = entry;
    if (value === undefined || value === null) continue;
    if (typeof value === 'object' || typeof value === 'function') return wrong(`header ${name} is not a string`);
    record[String(name)] = String(value);
  }
  return withoutContentType(record);
};
