/**
 * A real server for the tests of the transports: it takes bytes and misbehaves on request. It listens on two loopback
 * ports, so that a redirect can lead to another origin, and pages of the test runner reach both only by CORS.
 *
 * | Path | Does |
 * | --- | --- |
 * | `/sink` | takes the body, answers 200 `{"bytes": N, "method", "headers"}` with an `ETag` |
 * | `/slow?rate=N` | the same at N bytes a second |
 * | `/held/N?key=K` | takes N bytes, and the others once `/release?key=K` has been asked for; answers as `/sink` |
 * | `/status/N` | the same with status N and `Retry-After: 7` |
 * | `/no-etag` | the same, with the `ETag` hidden by CORS |
 * | `/reset-after/N` | cuts the connection after N bytes of the body |
 * | `/stall-after/N` | stops reading after N bytes |
 * | `/swallow` | takes the body, never answers |
 * | `/black-hole` | reads nothing, answers nothing, not even a preflight |
 * | `/half-answer` | promises an answer longer than what it sends, then cuts |
 * | `/no-cors` | as `/sink`, without any CORS header; a request of an unsafe method is refused by the browser |
 * | `/mute-cors` | permits the preflight, but not the answer |
 * | `/few-headers` | as `/sink`, but the preflight permits no header beside `Content-Type` |
 * | `/get-only` | answers 405; the preflight permits nothing |
 * | `/yesterday` | an answer in JSON whose `Date` is a day old and can be read |
 * | `/redirect-elsewhere`, `/redirect-here` | 307 to `/sink` of the other port, of this one |
 * | `/log?key=K` | `[{method, path}]` of all requests whose query had `key=K` |
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface BytesServer {
  /** Origin of the server. */
  readonly url: string;
  /** Another origin of the same server. */
  readonly elsewhere: string;
  close(): Promise<void>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Last segment of the path. */
  readonly argument: number;
}

type Route = (exchange: Exchange) => Promise<void> | void;

const readBody = async (request: IncomingMessage, upTo = Number.POSITIVE_INFINITY, bytesPerSecond = 0) => {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes >= upTo) break;
    if (bytesPerSecond > 0) await delay(((chunk as Buffer).length / bytesPerSecond) * 1000);
  }
  return bytes;
};

const answer = ({ request, response }: Exchange, status: number, bytes: number) => {
  const { method, headers } = request;
  response.writeHead(status, { etag: '"0123456789abcdef0123456789abcdef"', 'content-type': 'application/json' });
  response.end(JSON.stringify({ bytes, method, headers }));
};

const takeAndAnswer =
  (status = 200): Route =>
  async (exchange) =>
    answer(exchange, status, await readBody(exchange.request));

/** Promises by key that end in any order: what is released may be waited for later. */
class Gates {
  readonly #gates = new Map<string, { readonly passed: Promise<void>; readonly open: () => void }>();

  of(key: string | null): { readonly passed: Promise<void>; readonly open: () => void } {
    let open = (): void => {};
    const passed = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = this.#gates.get(key ?? '') ?? { passed, open };
    this.#gates.set(key ?? '', gate);
    return gate;
  }
}

const redirectTo =
  (target: (url: URL) => string): Route =>
  async ({ request, response, url }) => {
    await readBody(request);
    response.writeHead(307, { location: target(url) }).end();
  };

const routes = (
  origins: { url: string; elsewhere: string },
  log: Map<string, object[]>,
  gates: Gates,
): Record<string, Route> => ({
  sink: takeAndAnswer(),
  'no-etag': takeAndAnswer(),
  'no-cors': takeAndAnswer(),
  'mute-cors': takeAndAnswer(),
  'few-headers': takeAndAnswer(),
  'get-only': takeAndAnswer(405),
  yesterday: (exchange) => {
    exchange.response.setHeader('date', new Date(Date.now() - 86_400_000).toUTCString());
    answer(exchange, 200, 0);
  },
  slow: async (exchange) => {
    const rate = Number(exchange.url.searchParams.get('rate'));
    answer(exchange, 200, await readBody(exchange.request, Number.POSITIVE_INFINITY, rate));
  },
  held: async (exchange) => {
    const before = await readBody(exchange.request, exchange.argument);
    await gates.of(exchange.url.searchParams.get('key')).passed;
    answer(exchange, 200, before + (await readBody(exchange.request)));
  },
  release: ({ response, url }) => {
    gates.of(url.searchParams.get('key')).open();
    response.writeHead(204).end();
  },
  status: async (exchange) => {
    exchange.response.setHeader('retry-after', '7');
    answer(exchange, exchange.argument, await readBody(exchange.request));
  },
  'reset-after': async ({ request, argument }) => {
    await readBody(request, argument);
    request.socket.resetAndDestroy();
  },
  'stall-after': async ({ request, argument }) => {
    await readBody(request, argument);
    request.pause();
  },
  swallow: async ({ request }) => {
    await readBody(request);
  },
  'black-hole': () => {},
  'half-answer': async ({ request, response }) => {
    await readBody(request);
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
    setTimeout(() => request.socket.resetAndDestroy(), 50);
  },
  'redirect-elsewhere': redirectTo(({ search }) => `${origins.elsewhere}/sink${search}`),
  'redirect-here': redirectTo(({ search }) => `/sink${search}`),
  log: ({ response, url }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(log.get(url.searchParams.get('key') ?? '') ?? []));
  },
});

/** Permits everything to all origins, except on the paths that are there to forbid it. */
const setCors = (name: string, { request, response }: Exchange) => {
  const isPreflight = request.method === 'OPTIONS';
  if (name === 'no-cors' || (name === 'mute-cors' && !isPreflight)) return;
  const { origin = '*', 'access-control-request-headers': headers = '' } = request.headers;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', name === 'no-etag' ? 'retry-after' : 'retry-after, etag, date');
  if (!isPreflight || name === 'get-only') return;
  response.setHeader('access-control-allow-methods', 'GET, PUT, POST, DELETE');
  // By default browsers keep a permission for five seconds, which a slow test outlasts.
  response.setHeader('access-control-max-age', '600');
  response.setHeader('access-control-allow-headers', name === 'few-headers' ? 'content-type' : headers);
};

const serve = (find: (name: string) => Route | undefined, log: Map<string, object[]>) =>
  createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const [name = '', argument = ''] = url.pathname.slice(1).split('/');
    const exchange = { request, response, url, argument: Number(argument) };
    const key = url.searchParams.get('key');
    if (key !== null && name !== 'log') {
      log.set(key, [...(log.get(key) ?? []), { method: request.method, path: url.pathname }]);
    }
    setCors(name, exchange);
    const route = find(name);
    if (name === 'black-hole') return;
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (route === undefined) response.writeHead(404).end();
    // The client may leave at any time; that is what the tests are about.
    else Promise.resolve(route(exchange)).catch(() => request.socket.destroy());
  });

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const startBytesServer = async (): Promise<BytesServer> => {
  const origins = { url: '', elsewhere: '' };
  const log = new Map<string, object[]>();
  const table = routes(origins, log, new Gates());
  const servers = [serve((name) => table[name], log), serve((name) => table[name], log)] as const;
  origins.url = await listen(servers[0]);
  origins.elsewhere = await listen(servers[1]);
  return {
    ...origins,
    close: async () => {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
};
