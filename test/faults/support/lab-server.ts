/** Serves the page of the laboratory, built once for all tests of a process. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { LabConfig } from './lab-config.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('lab-page.ts', import.meta.url));
const WORKER = fileURLToPath(new URL('../../support/relay-service-worker.js', import.meta.url));
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>laboratory</title><script type="module" src="/lab.js"></script>';

/** Path → content. */
type Assets = ReadonlyMap<string, string | Uint8Array>;

const buildPage = async (): Promise<Assets> => {
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: ENTRY, output: { format: 'es', entryFileNames: 'lab.js' } },
    },
  });
  const outputs = [result].flat().flatMap((built) => ('output' in built ? built.output : []));
  return new Map(outputs.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]));
};

export class LabServer {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<LabServer> {
    const [assets, worker] = await Promise.all([buildPage(), readFile(WORKER)]);
    const server = createServer((request, response) => {
      const [path = '/'] = (request.url ?? '/').split('?');
      const asset = path === '/worker.js' ? worker : assets.get(path);
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' });
      response.end(asset ?? PAGE);
    }).listen(0, 'localhost');
    await once(server, 'listening');
    return new LabServer(server);
  }

  /** Where a page with this element is. */
  urlOf(config: LabConfig): string {
    return `${this.origin}/?lab=${encodeURIComponent(JSON.stringify(config))}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
