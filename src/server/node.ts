/**
 * Adapter between `node:http` and the gateway. Bytes stream both ways at the pace of the slower side, and
 * `request.signal` is aborted when the client disconnects. A part may take long: where clients are slow, set the
 * server's `requestTimeout`, which is 300 seconds by default, to 0. The gateway itself ends requests whose bytes stop
 * coming.
 *
 * @example createServer(toNodeListener(createUploadHandler({ … }))).listen(3000);
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './http/http-error.js';

export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** The listener never throws and never rejects: a failure ends in an answer or in a closed connection. */
export const toNodeListener =
  (handler: (request: Request) => Promise<Response>): NodeListener =>
  (incoming, outgoing) => {
    void serve(handler, incoming, outgoing);
  };

const serve = async (
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const controller = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort(new DOMException('the client disconnected', 'AbortError'));
  });
  const body = new IncomingBody(incoming);
  try {
    const request = toRequest(incoming, body, controller.signal);
    const response = await handler(request);
    await send(response, incoming, outgoing);
    // Keeps the request alive until here: once it is garbage-collected, its signal never aborts.
    if (!request.signal.aborted) await body.release();
  } catch (error) {
    if (outgoing.headersSent || outgoing.destroyed) outgoing.destroy();
    else await send(toFailure(error).toResponse(), incoming, outgoing).catch(() => outgoing.destroy());
    await body.release();
  }
};

const toFailure = (error: unknown): HttpError =>
  error instanceof HttpError ? error : new HttpError(500, 'internal', 'the gateway failed');

const toRequest = (incoming: IncomingMessage, body: IncomingBody, signal: AbortSignal): Request => {
  const { method = 'GET', headers, rawHeaders } = incoming;
  const copied = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    copied.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  const length = Number(headers['content-length'] ?? 0);
  const hasBody = method !== 'GET' && method !== 'HEAD' && (length > 0 || headers['transfer-encoding'] !== undefined);
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers: copied,
    signal,
    ...(hasBody && { body: body.stream(), duplex: 'half' }),
  };
  try {
    return new Request(urlOf(incoming), init);
  } catch {
    throw new HttpError(400, 'bad-request', 'the request line or the Host header is not a valid URL');
  }
};

const urlOf = (incoming: IncomingMessage): string => {
  const scheme = 'encrypted' in incoming.socket && incoming.socket.encrypted ? 'https' : 'http';
  // Frameworks that mount handlers remove the mount path from `url` and keep the full path here.
  const original = 'originalUrl' in incoming ? incoming.originalUrl : undefined;
  const target = typeof original === 'string' ? original : (incoming.url ?? '/');
  const base = `${scheme}://${incoming.headers.host ?? 'localhost'}`;
  return target.startsWith('/') ? new URL(`${base}${target}`).href : new URL(target, base).href;
};

/** Limits for reading the rest of a body after its answer. */
const DRAIN_BYTES = 256 * 2 ** 10;
const DRAIN_MS = 2000;
/** Time for the client to read the answer: closing a connection while bytes arrive may discard what was sent on it. */
const CLOSE_DELAY_MS = 200;

/** The body of a request, read on demand. */
class IncomingBody {
  readonly #incoming: IncomingMessage;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Fails the read that waits for bytes; null while none does. */
  #interrupt: (() => void) | null = null;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    // Node reads a body to its end after the answer unless reading has begun.
    const early: Uint8Array | null = incoming.read();
    if (early !== null) incoming.unshift(early);
    this.#chunks = incoming.iterator({ destroyOnReturn: false });
  }

  stream(): ReadableStream<Uint8Array> {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const chunk = await this.#next();
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
    };
    return new ReadableStream({ pull, cancel: () => void this.#chunks.return?.() }, { highWaterMark: 0 });
  }

  /**
   * Discards the rest of the body if it is short and arrives soon: then the connection can be reused, and a client that
   * sends its whole body before it reads gets the answer. Otherwise closes the connection, so that a refused request
   * occupies nothing and costs no traffic.
   */
  async release(): Promise<void> {
    const ended = this.#chunks.return?.();
    // The iterator ends after the read that waits, whose bytes may never come.
    if (this.#interrupt === null) await ended;
    else this.#interrupt();
    const incoming = this.#incoming;
    if (incoming.complete || incoming.destroyed) {
      incoming.resume();
      return;
    }
    const close = (): void => void incoming.socket.destroy();
    const timers = [setTimeout(close, DRAIN_MS)];
    let bytes = 0;
    incoming.on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes <= DRAIN_BYTES || incoming.isPaused()) return;
      incoming.pause();
      timers.push(setTimeout(close, CLOSE_DELAY_MS));
    });
    incoming.once('close', () => timers.forEach(clearTimeout));
    incoming.resume();
  }

  #next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      this.#interrupt = () => reject(new DOMException('the request is answered', 'AbortError'));
      this.#chunks.next().then(resolve, reject);
    }).finally(() => {
      this.#interrupt = null;
    });
  }
}

const send = async (response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  // Set-Cookie is the only header whose values cannot be joined.
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  if (response.body === null || incoming.method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  await pipeline(response.body, outgoing);
};
