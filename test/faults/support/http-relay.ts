/**
 * Stands before a server and changes single answers: for lies that no server of ours tells, such as a grant for a foreign
 * host or a list that leaves out a part. Bodies of requests pass through as they come.
 */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Spoiler {
  /** Which requests; a part of the path will do. */
  readonly method: string;
  readonly path: RegExp;
  /** How many of them. @default all */
  readonly times?: number;
  /** Takes over before the server hears of it. */
  readonly instead?: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Changes what the server answered. */
  readonly after?: (answer: Answer) => Answer | Promise<Answer>;
  /** Written before the answer, such as white space that keeps the line open. */
  readonly before?: (response: ServerResponse) => Promise<void>;
}

/** These describe the connection or the length, which the relay sets itself. */
const HOP_HEADERS = ['connection', 'content-length', 'transfer-encoding', 'keep-alive'];

export class HttpRelay {
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  #spoilers: { readonly spoiler: Spoiler; left: number }[] = [];

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param page port of the server of the page, whose paths it answers too, so that page and endpoint share an origin. */
  static async start(target: () => number, page: number): Promise<HttpRelay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const relay = new HttpRelay(server);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const port = isOfPage(incoming.url ?? '') ? page : target();
      relay.#relay(incoming, outgoing, port).catch(() => outgoing.destroy());
    });
    return relay;
  }

  spoil(...spoilers: readonly Spoiler[]): void {
    this.#spoilers = spoilers.map((spoiler) => ({ spoiler, left: spoiler.times ?? Number.POSITIVE_INFINITY }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #spoilerFor({ method, url = '' }: IncomingMessage): Spoiler | null {
    const [path = ''] = url.split('?');
    const found = this.#spoilers.find(
      ({ spoiler, left }) => left > 0 && spoiler.method === method && spoiler.path.test(path),
    );
    if (found === undefined) return null;
    found.left -= 1;
    return found.spoiler;
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse, port: number): Promise<void> {
    const spoiler = this.#spoilerFor(incoming);
    if (spoiler?.instead !== undefined) return spoiler.instead(incoming, outgoing);
    const { method, url: path, headers } = incoming;
    const upstream = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    incoming.pipe(upstream);
    outgoing.once('close', () => upstream.destroy());
    // After an early answer the rest of the body still comes, and what is behind it must get through.
    upstream.once('close', () => incoming.unpipe().resume());
    const [response] = (await once(upstream, 'response')) as [IncomingMessage];
    if (spoiler === null) {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
      return;
    }
    const original: Answer = {
      status: response.statusCode ?? 502,
      headers: response.headers,
      body: await readText(response),
    };
    const answer = (await spoiler.after?.(original)) ?? original;
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !HOP_HEADERS.includes(name)) outgoing.setHeader(name, value);
    }
    outgoing.writeHead(answer.status);
    await spoiler.before?.(outgoing);
    outgoing.end(answer.body);
  }
}

const isOfPage = (url: string): boolean => /^\/($|\?|[^?]*\.js$)/.test(url);

export const readText = async (stream: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
};

/** The same answer with another JSON body. */
export const withJson =
  (change: (body: Record<string, unknown>) => unknown) =>
  (answer: Answer): Answer => ({ ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) });
