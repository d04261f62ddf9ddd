/**
 * One request and its answer. Handlers read and send everything through the exchange, which applies the request's
 * faults and fills in its log entry. It does not depend on dialects.
 */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { abortable, abortableDelay } from '../../lib/abortable.js';
import { isObject, type JsonObject, parseJson } from '../../lib/json.js';
import { type Effects, NO_EFFECTS } from '../faults/effects.js';
import { pace } from '../faults/throttled-stream.js';
import { ApiError } from './api-error.js';
import { answerHeaders, type CorsPolicy } from './cors.js';
import type { LogDraft } from './request-log.js';

/** A manifest of 100,000 parts fits. */
const MAX_JSON_BYTES = 8 * 2 ** 20;

/**
 * A fault or the client closed the connection before the answer. The request is neither answered nor logged as an
 * error.
 */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
}

export interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes into the `ETag` header and, where there is JSON, into its `etag`. */
  readonly etag?: string;
  readonly json?: object;
  readonly text?: string;
  readonly stream?: Readable;
}

export interface ExchangeFacts {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly entry: LogDraft;
}

/** A later header replaces an earlier one of the same name; names are case-insensitive. */
const joinHeaders = (...all: readonly Readonly<Record<string, string>>[]): Record<string, string> =>
  Object.fromEntries(all.flatMap(Object.entries).map(([name, value]) => [name.toLowerCase(), value]));

const corrupt = (etag: string): string => createHash('md5').update(etag).digest('hex');

export class Exchange {
  readonly request: IncomingMessage;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Aborted when the connection ends before the answer does. */
  readonly signal: AbortSignal;
  readonly entry: LogDraft;
  effects: Effects = NO_EFFECTS;
  cors: CorsPolicy | null = null;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, { path, query, entry }: ExchangeFacts) {
    const controller = new AbortController();
    this.request = request;
    this.method = request.method ?? 'GET';
    this.path = path;
    this.query = query;
    this.signal = controller.signal;
    this.entry = entry;
    this.#response = response;
    // An aborted upload emits an error on the request too; whatever reads the body already rejects with it.
    request.on('error', () => {});
    response.once('close', () => {
      entry.endedAt = Date.now();
      entry.aborted = !response.writableFinished;
      if (entry.aborted) controller.abort(new Disconnected('the connection is gone'));
    });
  }

  /** Whether the answer's head has been sent. */
  get isAnswered(): boolean {
    return this.#response.headersSent;
  }

  /** Null when absent; repeated headers are joined with commas. */
  header(name: string): string | null {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  }

  /** Streams the body, throttled and cut as the faults demand. Can be read once. */
  async *body(): AsyncGenerator<Uint8Array, void, undefined> {
    const { interruption, bytesPerSecond } = this.effects;
    const cutAfter = interruption?.kind === 'reset' ? interruption.afterBytes : Number.POSITIVE_INFINITY;
    // Leaving the loop must not destroy the request: an error answer in mid-body needs the connection.
    for await (const chunk of this.request.iterator({ destroyOnReturn: false })) {
      this.entry.bytes += chunk.length;
      await pace(this.request.socket, chunk.length, { bytesPerSecond, signal: this.signal });
      if (this.entry.bytes >= cutAfter) this.cut();
      yield chunk;
    }
    if (cutAfter < Number.POSITIVE_INFINITY) this.cut();
  }

  /** Reads the body to its end and discards it. */
  async drain(): Promise<void> {
    for await (const _ of this.body());
  }

  /** The body as JSON, null when it is empty. @throws ApiError 400, 413 */
  async readJson(): Promise<unknown> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.body()) {
      size += chunk.length;
      if (size > MAX_JSON_BYTES) throw new ApiError(413, 'too-large', 'the JSON body is too large');
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const value = parseJson(text);
    if (value === null && text.trim() !== '' && text.trim() !== 'null') {
      throw new ApiError(400, 'bad-request', 'the body is not JSON');
    }
    return value;
  }

  /** @throws ApiError 400 when the body is not a JSON object. */
  async readJsonObject(): Promise<JsonObject> {
    const value = await this.readJson();
    if (!isObject(value)) throw new ApiError(400, 'bad-request', 'the body is not a JSON object');
    return value;
  }

  /** Sends the answer, after the fault's delay, or cuts the connection when a fault drops the answer. */
  async send(status: number, answer: Answer = {}): Promise<void> {
    const { effects } = this;
    if (effects.dropsAnswer || effects.interruption?.kind === 'reset') this.cut();
    if (effects.delayMs > 0) await abortableDelay(effects.delayMs, this.signal);
    this.signal.throwIfAborted();
    this.entry.status = status;
    const { headers, text } = this.#compose(answer);
    // 204 has neither a body nor a length.
    if (status !== 204 && answer.stream === undefined) headers['content-length'] = String(Buffer.byteLength(text));
    this.#response.writeHead(status, headers);
    if (answer.stream === undefined) this.#response.end(text);
    else await pipeline(answer.stream, this.#response);
    this.#drainRest();
  }

  /** Resets the connection. */
  cut(): never {
    this.request.socket.resetAndDestroy();
    throw new Disconnected('the connection was reset');
  }

  /** Never answers; rejects when the client closes the connection. */
  async hang(): Promise<never> {
    return abortable(new Promise<never>(() => {}), this.signal);
  }

  #compose({ headers, etag, json, text }: Answer): { headers: Record<string, string>; text: string } {
    const fault = this.effects.etag;
    const shown = fault === 'absent' ? undefined : etag !== undefined && fault === 'wrong' ? corrupt(etag) : etag;
    const inBody = fault === 'hidden' || shown === undefined ? {} : { etag: shown };
    return {
      text: json === undefined ? (text ?? '') : JSON.stringify(Array.isArray(json) ? json : { ...json, ...inBody }),
      headers: joinHeaders(
        this.cors === null ? {} : answerHeaders({ exposesEtag: fault !== 'hidden' }),
        json === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' },
        shown === undefined ? {} : { ETag: shown },
        { 'Cache-Control': 'no-store' },
        this.effects.headers,
        headers ?? {},
      ),
    };
  }

  /** Reads the rest of the body after an early answer: a client that is reset while sending never reads the answer. */
  #drainRest(): void {
    if (this.request.readableEnded || this.request.destroyed) return;
    this.request.on('data', (chunk: Uint8Array) => {
      this.entry.bytes += chunk.length;
    });
  }
}
