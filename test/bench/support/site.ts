/**
 * Everything behind one line: the pages, the sink, and this project's own gateway with the emulated storage behind it,
 * which hashes and keeps what it is sent. The gateway reaches its upstream past the line, as a data centre would.
 */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createEmulator } from '../../../src/emulator/index.js';
import { createUploadHandler } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { Shaper } from './shaper.js';
import { Sink } from './sink.js';

export interface Site {
  /** Of the line. Pages are `localhost`, the storage is `127.0.0.1`. */
  readonly port: number;
  readonly shaper: Shaper;
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

/** @param folder of the built pages. */
export const startSite = async (folder: string): Promise<Site> => {
  const sink = new Sink();
  const server = createServer();
  server.requestTimeout = 0;
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: directPort } = server.address() as AddressInfo;
  const shaper = new Shaper(directPort);
  const port = await shaper.listen();
  sink.storage = `http://127.0.0.1:${port}`;

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
  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const [, first = '', second = ''] = path.split('/');
    if (sink.handles(path)) void sink.serve(request, response).catch(() => response.destroy());
    else if (path.startsWith('/api/uploads')) gateway(request, response);
    else if (first === 'page') response.writeHead(200, { 'Content-Type': 'text/html' }).end(pageOf(second, folder));
    else if (first === 'built') void sendBuilt(path.slice('/built/'.length), folder, response);
    else if (!emulator.listener(request, response)) response.writeHead(404).end();
  });
  return {
    port,
    shaper,
    sink,
    clear: () => emulator.clear(),
    close: async () => {
      await shaper.close();
      server.close();
      server.closeAllConnections();
      await emulator.close();
    },
  };
};
