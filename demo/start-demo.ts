/**
 * Everything on one port: the page (through vite), the gateway at `/api/uploads`, and the emulated storage behind it at
 * `/v1`, `/current`, `/storage` and `/emulator`. The page is `localhost` and the grants name `127.0.0.1`, so uploads to storage
 * cross origins and CORS is real.
 */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createServer as createVite } from 'vite';
import { createEmulator } from '../src/emulator/index.js';
import { type Authorization, createUploadHandler } from '../src/server/index.js';
import { toNodeListener } from '../src/server/node.js';
import { serveBundled } from './bundled-scripts.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Vite as a middleware serves scripts and styles, not pages. */
const PAGES: Readonly<Record<string, URL>> = {
  '/': new URL('index.html', import.meta.url),
  '/index.html': new URL('index.html', import.meta.url),
  '/themes.html': new URL('themes.html', import.meta.url),
};

export interface DemoOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** Where stored files are kept. */
  readonly dataDir: string;
  /** Whether the scripts of the page come in a few files. @default false */
  readonly isBundled?: boolean;
  /** A gateway over a bucket, which the page then shows beside the others; mounted at `S3_BASE_PATH`. */
  readonly s3?: RequestListener;
}

export const S3_BASE_PATH = '/api/s3';

export interface Demo {
  /** Where the page is. */
  readonly url: string;
  close(): Promise<void>;
}

/** The demo trusts a cookie that anyone can write. A real backend reads its own session here. */
export const authorize = (request: Request): Authorization | null => {
  const user = /(?:^|;\s*)demo-user=([a-z]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'ada';
  return user === 'guest' ? null : { userId: user };
};

/** The whole chain of causes in one line: in a demo with a bad network there are many. */
export const tell = (error: unknown): void => {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  console.error(`gateway: ${messages.join(' ← ')}`);
};

/** Vite turns the TypeScript of the page and of `src` into modules, one by one. */
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

/** `localhost` may mean either loopback address; a machine without IPv6 has one. */
const listenOnIpv6 = async (server: Server, port: number): Promise<void> => {
  await listenOn(server, port, '::1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw error;
  });
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Tells the page which storages there are beside the emulated one. */
const sendPage = async (page: URL, storages: string, response: ServerResponse): Promise<void> => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
  response.end((await readFile(page, 'utf8')).replace('<html', `<html data-storages="${storages}"`));
};

const isBelow = (base: string, path: string): boolean => path === base || path.startsWith(`${base}/`);

/** The gateway speaks to its upstream over the very port on which it listens itself. */
const mountStorage = (origin: string, dataDir: string) => {
  const apiKey = randomBytes(24).toString('base64url');
  // The free plan takes no more than a gigabyte.
  const emulator = createEmulator({ dataDir, apiKey, publicOrigin: origin, plan: 'business' });
  const options = {
    apiKey,
    workspaceId: 'demo',
    upstream: origin,
    authorize,
    ticketSecret: randomBytes(32),
    onError: tell,
  };
  // In the API's own dialect a file takes the place of one of its name, and nothing crosses origins: it is offered next door.
  const gateway = toNodeListener(createUploadHandler({ ...options, protocols: ['presigned', 'chunked'] }));
  const current = toNodeListener(createUploadHandler({ ...options, protocols: ['fastio'] }));
  return { emulator, gateway, current };
};

/** @throws an error with code `EADDRINUSE` when the port is taken. */
export const startDemo = async ({ port, dataDir, isBundled = false, s3 }: DemoOptions): Promise<Demo> => {
  const vite = await startVite();
  const sources: RequestListener = (request, response) => vite.middlewares(request, response);
  const scripts = isBundled ? await serveBundled(sources) : sources;
  // A part may take longer than the five minutes that Node allows by default.
  const options = { requestTimeout: 0 };
  const servers = [createServer(options), createServer(options)] as const;
  const actualPort = await listenOn(servers[0], port, '127.0.0.1');
  const { emulator, gateway, current } = mountStorage(`http://127.0.0.1:${actualPort}`, dataDir);

  const route: RequestListener = (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = PAGES[path];
    if (emulator.listener(request, response)) return;
    if (path.startsWith('/api/uploads/current/')) current(request, response);
    else if (/^\/api\/uploads(\/|$)/.test(path)) gateway(request, response);
    else if (s3 !== undefined && isBelow(S3_BASE_PATH, path)) s3(request, response);
    else if (page) void sendPage(page, s3 === undefined ? '' : 's3', response);
    else scripts(request, response);
  };
  for (const server of servers) server.on('request', route);
  await listenOnIpv6(servers[1], actualPort);

  return {
    url: `http://localhost:${actualPort}`,
    close: async () => {
      await Promise.all(servers.map(close));
      await Promise.all([vite.close(), emulator.close()]);
    },
  };
};
