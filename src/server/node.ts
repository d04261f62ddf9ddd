/**
 * Adapter between `node:http` and the gateway. Bytes stream both ways at the pace of the slower side, and
 * `request.signal` is aborted when the client leaves. A part may take long: where clients are slow, set the server's
 * `requestTimeout`, which is 300 seconds by default, to 0. The gateway itself gives up a client that stands still.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './http/http-error.js';

export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** The listener never throws and never rejects: what goes wrong ends in an answer or in a closed connection. */
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
  const left = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) left.abort(new DOMException('the client left', 'AbortError'));
  });
  const body = new IncomingBody(incoming);
  try {
    const request = toRequest(incoming, body, left.signal);
    const response = await handler(request);
    await send(response, incoming, outgoing);
    // The request is used until here: collected before, its signal would never abort.
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
    throw new HttpError(400, 'bad-request', 'the request line or the Host header makes no URL');
  }
};

const urlOf = (incoming: IncomingMessage): string => {
  const scheme = 'encrypted' in incoming.socket && incoming.socket.encrypted ? 'https' : 'http';
  // Frameworks that mount handlers cut the mount path off `url` and keep the whole under this name.
  const original = 'originalUrl' in incoming ? incoming.originalUrl : undefined;
  const target = typeof original === 'string' ? original : (incoming.url ?? '/');
  const base = `${scheme}://${incoming.headers.host ?? 'localhost'}`;
  return target.startsWith('/') ? new URL(`${base}${target}`).href : new URL(target, base).href;
};

/** What may still come of a request that is answered already. */
const REST_BYTES = 256 * 2 ** 10;
const REST_MS = 2000;
/** For the answer to be read: a connection that is closed while bytes come may take along what was sent on it. */
const PARTING_MS = 200;

/** The bytes of a request, which are read only when they are asked for. */
class IncomingBody {
  readonly #incoming: IncomingMessage;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    // Of a body that nothing has begun to read, Node reads all there is once the answer is sent.
    const early: Uint8Array | null = incoming.read();
    if (early !== null) incoming.unshift(early);
    this.#chunks = incoming.iterator({ destroyOnReturn: false });
  }

  stream(): ReadableStream<Uint8Array> {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const chunk = await this.#chunks.next();
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
    };
    return new ReadableStream({ pull, cancel: () => void this.#chunks.return?.() }, { highWaterMark: 0 });
  }

  /**
   * Reads the rest away, if it is little and comes soon: then the connection serves the next request, and a client that
   * writes to its end before it reads finds the answer. Else the connection is closed, so that a request that was refused
   * holds nothing and costs no traffic.
   */
  async release(): Promise<void> {
    await this.#chunks.return?.();
    const incoming = this.#incoming;
    if (incoming.complete || incoming.destroyed) {
      incoming.resume();
      return;
    }
    const close = (): void => void incoming.socket.destroy();
    const timers = [setTimeout(close, REST_MS)];
    let bytes = 0;
    incoming.on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes <= REST_BYTES || incoming.isPaused()) return;
      incoming.pause();
      timers.push(setTimeout(close, PARTING_MS));
    });
    incoming.once('close', () => timers.forEach(clearTimeout));
    incoming.resume();
  }
}

const send = async (response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  // Cookies are the one header whose values cannot be joined.
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  if (response.body === null || incoming.method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  await pipeline(response.body, outgoing);
};
