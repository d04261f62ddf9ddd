/**
 * One request and its answer. Everything that handlers read and send goes through here, so this is where faults bite
 * and where the log learns what happened. It knows nothing of dialects.
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

/** The request is over without an answer: the fault layer or the client cut it. It is neither answered nor reported. */
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

/** Later ones win, whatever their spelling. */
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
    // An aborted upload also shows as an error of the request; the reader of the body hears of it.
    request.on('error', () => {});
    response.once('close', () => {
      entry.endedAt = Date.now();
      entry.aborted = !response.writableFinished;
      if (entry.aborted) controller.abort(new Disconnected('the connection is gone'));
    });
  }

  /** Whether an answer is on its way, whole or in part. */
  get isAnswered(): boolean {
    return this.#response.headersSent;
  }

  /** Null when absent; several of one name are joined. */
  header(name: string): string | null {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  }

  /** The body as it arrives, at the speed and up to the byte that the faults allow. Can be read once. */
  async *body(): AsyncGenerator<Uint8Array, void, undefined> {
    const { interruption, bytesPerSecond } = this.effects;
    const cutAfter = interruption?.kind === 'reset' ? interruption.afterBytes : Number.POSITIVE_INFINITY;
    // Without this, a refusal in mid-body would destroy the connection that has to carry it.
    for await (const chunk of this.request.iterator({ destroyOnReturn: false })) {
      this.entry.bytes += chunk.length;
      await pace(this.request.socket, chunk.length, { bytesPerSecond, signal: this.signal });
      if (this.entry.bytes >= cutAfter) this.cut();
      yield chunk;
    }
    if (cutAfter < Number.POSITIVE_INFINITY) this.cut();
  }

  /** Reads the body to its end for nothing. */
  async drain(): Promise<void> {
    for await (const _ of this.body());
  }

  /** The body's JSON value, null when there is none. @throws ApiError 400, 413 */
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
      throw new ApiError(400, 'bad-request', 'the body is no JSON');
    }
    return value;
  }

  /** @throws ApiError 400 when the body is no JSON object. */
  async readJsonObject(): Promise<JsonObject> {
    const value = await this.readJson();
    if (!isObject(value)) throw new ApiError(400, 'bad-request', 'the body is no JSON object');
    return value;
  }

  /** Answers, unless a fault has other plans. */
  async send(status: number, answer: Answer = {}): Promise<void> {
    const { effects } = this;
    if (effects.dropsAnswer || effects.interruption?.kind === 'reset') this.cut();
    if (effects.delayMs > 0) await abortableDelay(effects.delayMs, this.signal);
    this.signal.throwIfAborted();
    this.entry.status = status;
    const { headers, text } = this.#compose(answer);
    // 204 has no body, and no length either.
    if (status !== 204 && answer.stream === undefined) headers['content-length'] = String(Buffer.byteLength(text));
    this.#response.writeHead(status, headers);
    if (answer.stream === undefined) this.#response.end(text);
    else await pipeline(answer.stream, this.#response);
    this.#drainBehind();
  }

  /** Resets the connection. */
  cut(): never {
    this.request.socket.resetAndDestroy();
    throw new Disconnected('the connection was reset');
  }

  /** Waits until the client gives up. */
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

  /** A refusal often comes before the body's end; a sender that is reset while sending never reads the refusal. */
  #drainBehind(): void {
    if (this.request.readableEnded || this.request.destroyed) return;
    this.request.on('data', (chunk: Uint8Array) => {
      this.entry.bytes += chunk.length;
    });
  }
}
