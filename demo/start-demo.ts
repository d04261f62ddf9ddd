/**
 * Everything on one port: the page (through vite), the gateway at `/api/uploads`, and the emulated storage behind it at
 * `/v1`, `/storage` and `/emulator`. The page is `localhost` and the grants name `127.0.0.1`, so uploads to storage
 * cross origins and CORS is real.
 */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { createEmulator } from '../src/emulator/index.js';
import { type Authorization, createUploadHandler } from '../src/server/index.js';
import { toNodeListener } from '../src/server/node.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = fileURLToPath(new URL('index.html', import.meta.url));

export interface DemoOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Where stored files are kept. */
  readonly dataDir: string;
}

export interface Demo {
  /** Where the page is. */
  readonly url: string;
  close(): Promise<void>;
}

/** The demo trusts a cookie that anybody can write. A real backend reads its own session here. */
const authorize = (request: Request): Authorization | null => {
  const user = /(?:^|;\s*)demo-user=([a-z]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'ada';
  return user === 'nobody' ? null : { userId: user };
};

/** Vite turns the TypeScript of the page and of `src` into modules, one by one; nothing is bundled beforehand. */
const startVite = () =>
  createVite({
    root: ROOT,
    configFile: false,
    appType: 'custom',
    logLevel: 'warn',
    server: { middlewareMode: true, hmr: false, ws: false, watch: { ignored: ['**/.data/**', '**/dist/**'] } },
    optimizeDeps: { noDiscovery: true },
  });

const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/** Both loopback addresses, because `localhost` may mean either; a machine without IPv6 has one. */
const listenOnLoopback = async (port: number, listener: RequestListener) => {
  const servers = [createServer(listener), createServer(listener)] as const;
  const [first, second] = servers;
  const actual = await listenOn(first, port, '127.0.0.1');
  await listenOn(second, actual, '::1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw error;
  });
  return { port: actual, servers };
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** @throws an error with code `EADDRINUSE` when the port is taken. */
export const startDemo = async ({ port, dataDir }: DemoOptions): Promise<Demo> => {
  let route: RequestListener = (_request, response) => response.writeHead(503, { 'Retry-After': '1' }).end();
  const { port: actualPort, servers } = await listenOnLoopback(port, (request, response) => route(request, response));
  const storageOrigin = `http://127.0.0.1:${actualPort}`;

  const apiKey = randomBytes(24).toString('base64url');
  const emulator = createEmulator({ dataDir, apiKey, publicOrigin: storageOrigin });
  const gateway = toNodeListener(
    createUploadHandler({
      apiKey,
      workspaceId: 'demo',
      upstream: storageOrigin,
      authorize,
      ticketSecret: randomBytes(32),
      onError: (error) => console.error(error),
    }),
  );
  const vite = await startVite();

  const sendPage: RequestListener = async (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.end(await readFile(PAGE));
  };
  route = (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (/^\/api\/uploads(\/|$)/.test(path)) return gateway(request, response);
    if (emulator.listener(request, response)) return;
    if (path === '/' || path === '/index.html') return sendPage(request, response);
    return vite.middlewares(request, response);
  };

  return {
    url: `http://localhost:${actualPort}`,
    close: async () => {
      await Promise.all(servers.map(close));
      await Promise.all([vite.close(), emulator.close()]);
    },
  };
};
