/** Reads the body of a POST: fields of either form encoding, and files, which are streamed to disk. */

import { type FormPart, readBoundary, readMultipart } from '../../lib/read-multipart.js';
import type { Algorithm } from '../disk/digest.js';
import type { Disk, TempFile } from '../disk/disk.js';
import type { Exchange } from '../http/exchange.js';
import { CODES, CurrentError, invalid, missing, tooLarge } from './current-error.js';

/** Digests of every received file: the store needs SHA-256, and CRC-32Cs of chunks combine to that of the file. */
export const RECEIVED_DIGESTS = ['sha256', 'crc32c'] as const satisfies readonly Algorithm[];

export type ReceivedFile = TempFile<(typeof RECEIVED_DIGESTS)[number]> & {
  /** `Content-Type` of the file's form part; null when absent. */
  readonly contentType: string | null;
};

export interface FormRules {
  /** Names of the parts that are files. */
  readonly isFile: (name: string) => boolean;
  readonly maxFileBytes: number;
  /** @default unlimited */
  readonly maxBodyBytes?: number;
  /** Skips a file that is too large, instead of refusing the request. @default false */
  readonly skipsLargeFiles?: boolean;
}

/** A manifest of 200 names with the longest paths fits. */
const MAX_FIELD_BYTES = 4 * 2 ** 20;

const bodyTooLarge = () => tooLarge('the body is too large');
const fileTooLarge = () => tooLarge('the file is too large for this request');

/** Passes the bytes on, and throws the refusal when there are more than `maxBytes`. */
export const atMost = async function* (chunks: AsyncIterable<Uint8Array>, maxBytes: number, refusal: () => Error) {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw refusal();
    yield chunk;
  }
};

const readText = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of atMost(chunks, MAX_FIELD_BYTES, bodyTooLarge)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
};

/** A received form. It deletes its files in `dispose` unless they were taken. */
export class Form {
  readonly #fields: URLSearchParams;
  readonly #files = new Map<string, ReceivedFile>();
  readonly #skipped = new Set<string>();
  readonly #disk: Disk;

  /** A query field has priority over a body field of the same name: the client uses the query, the guides the body. */
  constructor(query: URLSearchParams, disk: Disk) {
    this.#fields = new URLSearchParams(query);
    this.#disk = disk;
  }

  addField(name: string, value: string): void {
    this.#fields.append(name, value);
  }

  addFile(name: string, file: ReceivedFile): void {
    this.#files.set(name, file);
  }

  /** Null when absent. The form still owns the file. */
  file(name: string): ReceivedFile | null {
    return this.#files.get(name) ?? null;
  }

  /** Records a file that was skipped because it is too large. */
  skip(name: string): void {
    this.#skipped.add(name);
  }

  isSkipped(name: string): boolean {
    return this.#skipped.has(name);
  }

  /** Null when absent. */
  get(name: string): string | null {
    return this.#fields.get(name);
  }

  /** @throws CurrentError 406 when absent or empty. */
  require(name: string): string {
    const value = this.get(name);
    if (value === null || value === '') throw missing(name);
    return value;
  }

  /** A whole number from 0, null when absent. @throws CurrentError 406 */
  integer(name: string): number | null {
    const value = this.get(name);
    if (value === null) return null;
    if (!/^\d{1,15}$/.test(value)) throw invalid(name, 'This is not a whole number.');
    return Number(value);
  }

  /** Transfers the file to the caller; null when absent. */
  takeFile(name: string): ReceivedFile | null {
    const file = this.file(name);
    this.#files.delete(name);
    return file;
  }

  /** Deletes the files that were not taken. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => this.#disk.discard(file)));
    this.#files.clear();
  }
}

const receivePart = async (form: Form, part: FormPart, rules: FormRules, disk: Disk, exchange: Exchange) => {
  if (!rules.isFile(part.name)) {
    form.addField(part.name, await readText(part.bytes));
    return;
  }
  if (form.file(part.name) !== null) throw invalid(part.name, 'This file was sent twice.');
  const { signal, effects } = exchange;
  let isLarge = false;
  const bytes = atMost(part.bytes, rules.maxFileBytes, () => {
    isLarge = true;
    return fileTooLarge();
  });
  try {
    const file = await disk.write(bytes, { algorithms: RECEIVED_DIGESTS, signal, roomBytes: effects.roomBytes });
    form.addFile(part.name, { ...file, contentType: part.type });
  } catch (error) {
    if (!isLarge || rules.skipsLargeFiles !== true) throw error;
    form.skip(part.name);
  }
};

const receive = async (form: Form, rules: FormRules, disk: Disk, exchange: Exchange): Promise<void> => {
  const contentType = exchange.header('content-type');
  const body = atMost(exchange.body(), rules.maxBodyBytes ?? Number.POSITIVE_INFINITY, bodyTooLarge);
  const boundary = readBoundary(contentType);
  if (boundary !== null) {
    for await (const part of readMultipart(body, boundary)) await receivePart(form, part, rules, disk, exchange);
    return;
  }
  const text = await readText(body);
  if (text !== '' && !/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) {
    throw new CurrentError(415, CODES.invalid, 'the body is not a form');
  }
  for (const [name, value] of new URLSearchParams(text)) form.addField(name, value);
};

const NO_FILES: FormRules = { isFile: () => false, maxFileBytes: 0 };

/**
 * Reads the form, passes it to `use`, and deletes the files that `use` did not take. @throws CurrentError 406, 413, 415
 */
export const withForm = async <T>(
  exchange: Exchange,
  disk: Disk,
  use: (form: Form) => Promise<T>,
  rules: FormRules = NO_FILES,
): Promise<T> => {
  const form = new Form(exchange.query, disk);
  try {
    await receive(form, rules, disk, exchange);
    return await use(form);
  } finally {
    await form.dispose();
  }
};
