/**
 * Parses `multipart/form-data` as a stream (RFC 7578; names escaped as in the WHATWG form encoding): it yields the
 * parts one after the other, with their bytes as streams, so memory use does not grow with a file. Gateway and emulator
 * share it.
 */

/** Thrown when the body is not a well-formed form. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

export interface FormPart {
  readonly name: string;
  /** Null for a plain field; empty for a file input without a selection. */
  readonly fileName: string | null;
  /** `Content-Type` of the part; null when absent. */
  readonly type: string | null;
  /** Can be read once. Unread bytes are skipped when the next part is requested. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const MAX_HEAD_BYTES = 8 * 2 ** 10;
const MAX_PADDING_BYTES = 128;

const encoder = new TextEncoder();
const LINE_END = encoder.encode('\r\n');
const HEAD_END = encoder.encode('\r\n\r\n');
const FORM_END = encoder.encode('--');

/** The boundary in a `Content-Type`; null when it is not a multipart form. */
export const readBoundary = (contentType: string | null): string | null => {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2] ?? null;
};

/** @throws MultipartError when the body is not a well-formed form, and errors of `body`. */
export const readMultipart = async function* (
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void, undefined> {
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  // The first delimiter, at the body's start, lacks the line end that precedes the others.
  const splitter = new Splitter(body, LINE_END);
  try {
    await drain(splitter.until(delimiter));
    while (!(await splitter.startsWith(FORM_END))) {
      const padding = await readHeadText(splitter.until(LINE_END), MAX_PADDING_BYTES);
      if (padding.trim() !== '') throw malformed('has an invalid delimiter');
      const head = readHead(await readHeadText(splitter.until(HEAD_END), MAX_HEAD_BYTES));
      const bytes = splitter.until(delimiter);
      yield { ...head, bytes };
      // Skips the rest of the part; a generator that has ended yields nothing.
      await drain(splitter.isInside ? splitter.until(delimiter) : bytes);
    }
    await splitter.drain();
  } finally {
    await splitter.close();
  }
};

/** Splits a stream at delimiters, independent of its chunks. */
class Splitter {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array;
  /** True until the delimiter of the current part is found. */
  isInside = false;

  constructor(body: AsyncIterable<Uint8Array>, prefix: Uint8Array) {
    this.#source = body[Symbol.asyncIterator]();
    this.#held = prefix;
  }

  /** Yields the bytes up to the delimiter and consumes it. @throws MultipartError when the stream ends before it. */
  async *until(delimiter: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    this.isInside = true;
    for (;;) {
      const index = indexOf(this.#held, delimiter);
      if (index >= 0) {
        if (index > 0) yield this.#take(index);
        this.#take(delimiter.length);
        this.isInside = false;
        return;
      }
      // The last bytes may be the beginning of the delimiter.
      const safe = this.#take(Math.max(this.#held.length - delimiter.length + 1, 0));
      if (safe.length > 0) yield safe;
      await this.#fill();
    }
  }

  async startsWith(bytes: Uint8Array): Promise<boolean> {
    while (this.#held.length < bytes.length) await this.#fill();
    return bytes.every((byte, index) => this.#held[index] === byte);
  }

  /** Reads and discards the bytes after the last delimiter. */
  async drain(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  /** Releases the stream, whether it was read to its end or not. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #take(length: number): Uint8Array {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) throw malformed('ends too early');
    if (this.#held.length === 0) {
      this.#held = value;
      return;
    }
    const joined = new Uint8Array(this.#held.length + value.length);
    joined.set(this.#held);
    joined.set(value, this.#held.length);
    this.#held = joined;
  }
}

/** Index of `wanted`, or -1. Searching its first byte natively makes it fast. */
const indexOf = (bytes: Uint8Array, wanted: Uint8Array): number => {
  const [first = 0] = wanted;
  const last = bytes.length - wanted.length;
  for (let index = bytes.indexOf(first); index >= 0 && index <= last; index = bytes.indexOf(first, index + 1)) {
    if (wanted.every((byte, offset) => bytes[index + offset] === byte)) return index;
  }
  return -1;
};

const drain = async (bytes: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of bytes);
};

const readHeadText = async (bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.byteLength;
    if (length > maxBytes) throw malformed('has a header that is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

const readHead = (head: string): Omit<FormPart, 'bytes'> => {
  const headers = new Map(head.split('\r\n').map((line) => splitOnce(line, ':')));
  const disposition = headers.get('content-disposition') ?? '';
  const parameters = readParameters(disposition);
  const name = parameters.get('name');
  if (name === undefined) throw malformed('has a part without a name');
  return {
    name,
    fileName: parameters.get('filename') ?? (parameters.has('filename*') ? 'file' : null),
    type: headers.get('content-type') ?? null,
  };
};

/** Parses from the left, because a file name may contain text like a parameter; the first of a repeated key counts. */
const readParameters = (disposition: string): ReadonlyMap<string, string> => {
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, bare] of disposition.matchAll(PARAMETER)) {
    const known = key.toLowerCase();
    if (!parameters.has(known)) parameters.set(known, unescapeName(quoted ?? bare ?? ''));
  }
  return parameters;
};

/** A backslash does not escape: browsers encode a quote as %22 (source: the HTML standard). */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"([^"]*)"|([^;\s"]+))/g;

/** Browsers escape only these three characters. */
const unescapeName = (text: string): string =>
  text.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const splitOnce = (line: string, separator: string): [string, string] => {
  const index = line.indexOf(separator);
  return index < 0 ? [line, ''] : [line.slice(0, index).trim().toLowerCase(), line.slice(index + 1).trim()];
};

const malformed = (message: string): MultipartError => new MultipartError(`the multipart body ${message}`);
