/**
 * `multipart/form-data` as a stream (RFC 7578; names escaped as the WHATWG form encoding has it). Parts come one after
 * the other and their bytes as they arrive, so the size of a file does not show in memory.
 */

import { ApiError } from './api-error.js';

export interface FormPart {
  readonly name: string;
  /** Null for a plain field. */
  readonly fileName: string | null;
  readonly contentType: string | null;
  /** Can be read once; what is left of it is passed over when the next part is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const MAX_HEADER_BYTES = 16 * 2 ** 10;
const MAX_PADDING_BYTES = 128;
const LINE_END = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
const FORM_END = Buffer.from('--');

const broken = (message: string): ApiError => new ApiError(400, 'bad-request', `the multipart body ${message}`);

/** Cuts a stream at delimiters, wherever the pieces it arrives in end. */
class Splitter {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer;

  constructor(source: AsyncIterable<Uint8Array>, prefix: Buffer) {
    this.#source = source[Symbol.asyncIterator]();
    this.#held = prefix;
  }

  /** The bytes up to the delimiter, which is consumed. @throws ApiError 400 when the stream ends before it. */
  async *until(delimiter: Buffer): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const index = this.#held.indexOf(delimiter);
      if (index >= 0) {
        // Whoever stops reading here leaves the delimiter to whoever reads on.
        if (index > 0) yield this.#take(index);
        this.#take(delimiter.length);
        return;
      }
      // The last bytes may be the delimiter's first.
      const safe = this.#take(Math.max(this.#held.length - delimiter.length + 1, 0));
      if (safe.length > 0) yield safe;
      await this.#fill();
    }
  }

  async textUntil(delimiter: Buffer, maxBytes: number): Promise<string> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of this.until(delimiter)) {
      size += piece.length;
      if (size > maxBytes) throw broken('has a head that is too long');
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  async startsWith(bytes: Buffer): Promise<boolean> {
    while (this.#held.length < bytes.length) await this.#fill();
    return this.#held.subarray(0, bytes.length).equals(bytes);
  }

  /** Reads what follows the last delimiter for nothing. */
  async drain(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  /** Lets go of the stream, read or not. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) throw broken('ends too early');
    this.#held = this.#held.length === 0 ? Buffer.from(value) : Buffer.concat([this.#held, value]);
  }
}

const readHeader = (head: string, name: string): string | null => {
  const line = head.split('\r\n').find((text) => text.toLowerCase().startsWith(`${name}:`));
  return line === undefined ? null : line.slice(name.length + 1).trim();
};

/** Senders escape these three and nothing else. */
const unescapeName = (text: string): string =>
  text.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const readParameter = (disposition: string, name: string): string | null => {
  const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;\\s"]+))`, 'i').exec(disposition);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? null : unescapeName(value);
};

const readHead = (head: string): Omit<FormPart, 'bytes'> => {
  const disposition = readHeader(head, 'content-disposition') ?? '';
  const name = /^form-data\s*;/i.test(disposition) ? readParameter(disposition, 'name') : null;
  if (name === null) throw broken('has a part without a name');
  return {
    name,
    fileName: readParameter(disposition, 'filename'),
    contentType: readHeader(head, 'content-type'),
  };
};

/** Tells whether somebody has read the bytes to their end. */
const readToEnd = (source: AsyncIterable<Uint8Array>) => {
  let isRead = false;
  const bytes = (async function* () {
    yield* source;
    isRead = true;
  })();
  return { bytes, isRead: () => isRead };
};

/** The boundary that a `Content-Type` names; null when it is no form. */
export const readBoundary = (contentType: string | null): string | null => {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2] ?? null;
};

/** The parts in order of the body. @throws ApiError 400 when the body is no well-formed one. */
export const readMultipart = async function* (
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPart, void, undefined> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter stands at the body's start and lacks the line end that the others have before them.
  const splitter = new Splitter(body, LINE_END);
  try {
    for await (const _ of splitter.until(delimiter));
    while (!(await splitter.startsWith(FORM_END))) {
      if ((await splitter.textUntil(LINE_END, MAX_PADDING_BYTES)).trim() !== '') throw broken('has a torn delimiter');
      const head = readHead(await splitter.textUntil(HEADERS_END, MAX_HEADER_BYTES));
      const part = readToEnd(splitter.until(delimiter));
      yield { ...head, bytes: part.bytes };
      if (!part.isRead()) for await (const _ of splitter.until(delimiter));
    }
    await splitter.drain();
  } finally {
    await splitter.close();
  }
};
