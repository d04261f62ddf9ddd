/**
 * Everything behind one line: the pages, the sink, and this project's own gateway with the emulated storage behind it,
 * which hashes and keeps what it is sent. The gateway reaches its upstream past the line, as a data centre would.
 */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createSecureServer, type SecureServerOptions } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createEmulator } from '../../../src/emulator/index.js';
import { createUploadHandler } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { makeCertificate } from '../../support/certificate.js';
import type { Profile } from './profile.js';
import { Shaper } from './shaper.js';
import { Sink } from './sink.js';

export interface Site {
  /** Of the line in HTTP/1.1. Pages are `localhost`, the storage is `127.0.0.1`. */
  readonly port: number;
  /** Puts everything behind this line. */
  use(line: Profile): void;
  /** Where pages are on the line in use. */
  readonly origin: string;
  readonly sink: Sink;
  /** Forgets the files that the emulated storage keeps. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const pageOf = (name: string, folder: string): string => {
  const style = existsSync(join(folder, `${name}.css`)) ? `<link rel="stylesheet" href="/built/${name}.css">` : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title>${style}
<body><input type="file" id="chosen"><div id="place"></div><script type="module" src="/built/${name}.js"></script></body></html>`;
};

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

const sendBuilt = async (path: string, folder: string, response: Parameters<RequestListener>[1]): Promise<void> => {
  try {
    const content = await readFile(join(folder, path));
    response.writeHead(200, { 'Content-Type': TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
};

/** HTTP/2 with a window that does not limit: what is measured is the line. */
const HTTP2: SecureServerOptions = { settings: { initialWindowSize: 16 * 2 ** 20, maxConcurrentStreams: 128 } };

interface Listening {
  listen(port: number, host: string, listening: () => void): unknown;
  address(): unknown;
}

const listen = async (server: Listening): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** @param folder of the built pages. */
export const startSite = async (folder: string): Promise<Site> => {
  const sink = new Sink();
  const server = createServer();
  server.requestTimeout = 0;
  server.keepAliveTimeout = 75_000;
  const directPort = await listen(server);
  const shaper = new Shaper(directPort);
  const port = await shaper.listen();
  const pem = makeCertificate();
  const secure = createSecureServer({ ...HTTP2, key: pem, cert: pem });
  // A large window for the connection as well; Node announces 64 KiB unless it is told otherwise.
  secure.on('session', (session) => {
    session.setLocalWindowSize(64 * 2 ** 20);
    session.on('error', () => {});
  });
  const secureShaper = new Shaper(await listen(secure));
  const securePort = await secureShaper.listen();
  sink.storage = `http://127.0.0.1:${port}`;
  let origin = `http://localhost:${port}`;

  const apiKey = randomBytes(24).toString('base64url');
  const emulator = createEmulator({ apiKey, publicOrigin: sink.storage });
  const gateway = toNodeListener(
    createUploadHandler({
      apiKey,
      workspaceId: 'bench',
      upstream: `http://127.0.0.1:${directPort}`,
      authorize: () => ({ userId: 'bench' }),
      ticketSecret: randomBytes(32),
      protocols: ['presigned', 'chunked'],
    }),
  );
  const serve: RequestListener = (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const [, first = '', second = ''] = path.split('/');
    if (sink.handles(path)) void sink.serve(request, response).catch(() => response.destroy());
    else if (path.startsWith('/api/uploads')) gateway(request, response);
    else if (first === 'page') response.writeHead(200, { 'Content-Type': 'text/html' }).end(pageOf(second, folder));
    else if (first === 'built') void sendBuilt(path.slice('/built/'.length), folder, response);
    else if (!emulator.listener(request, response)) response.writeHead(404).end();
  };
  server.on('request', serve);
  // The compatible API of HTTP/2 gives requests and answers the shape of HTTP/1.1.
  secure.on('request', (request, response) => {
    request.headers.host ??= request.authority;
    request.on('error', () => {});
    response.on('error', () => {});
    serve(request as never, response as never);
  });
  return {
    port,
    sink,
    use: (line) => {
      shaper.use(line);
      secureShaper.use(line);
      origin = line.isHttp2 ? `https://localhost:${securePort}` : `http://localhost:${port}`;
      sink.storage = origin.replace('localhost', '127.0.0.1');
    },
    get origin() {
      return origin;
    },
    clear: () => emulator.clear(),
    close: async () => {
      await Promise.all([shaper.close(), secureShaper.close()]);
      server.close();
      secure.close();
      server.closeAllConnections();
      await emulator.close();
    },
  };
};
