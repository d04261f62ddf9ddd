/** Serves the page of the laboratory, built once for all tests of a process. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { readText } from './http-relay.js';
import type { LabConfig, LabPost } from './lab-config.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('lab-page.ts', import.meta.url));
/** Path → file of a service worker. */
const WORKERS = { '/worker.js': 'relay-service-worker.js', '/offline-page-worker.js': 'offline-page-worker.js' };
/** Scripts of the test run before all others, each time the page loads. */
const pageWith = (before: string): string =>
  `<!doctype html><meta charset="utf-8"><title>laboratory</title>${before && `<script>${before}</script>`}` +
  '<script type="module" src="/lab.js"></script>';

type Hear = (post: LabPost) => void;

/** Path → content. */
type Assets = ReadonlyMap<string, string | Uint8Array>;

const readWorkers = async (): Promise<Assets> => {
  const read = (name: string) => readFile(new URL(`../../support/${name}`, import.meta.url));
  return new Map(
    await Promise.all(Object.entries(WORKERS).map(async ([path, name]) => [path, await read(name)] as const)),
  );
};

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

/** Where a page with this element is. */
export const urlOf = (origin: string, config: LabConfig, beforeScripts: readonly string[] = []): string => {
  const query = { lab: JSON.stringify(config), ...(beforeScripts.length > 0 && { before: beforeScripts.join(';') }) };
  return `${origin}/?${new URLSearchParams(query)}`;
};

export class LabServer {
  readonly origin: string;
  readonly #server: Server;
  readonly #hearers: Map<string, Hear>;
  #count = 0;

  private constructor(server: Server, hearers: Map<string, Hear>) {
    this.#server = server;
    this.#hearers = hearers;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<LabServer> {
    const assets = new Map([...(await buildPage()), ...(await readWorkers())]);
    const hearers = new Map<string, Hear>();
    const server = createServer(async (request, response) => {
      const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (request.method === 'POST') {
        hearers.get(path)?.(JSON.parse(await readText(request)) as LabPost);
        response.writeHead(204).end();
        return;
      }
      const asset = assets.get(path);
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' });
      response.end(asset ?? pageWith(searchParams.get('before') ?? ''));
    }).listen(0, 'localhost');
    await once(server, 'listening');
    return new LabServer(server, hearers);
  }

  /** Address for the reports of pages. */
  listenFor(hear: Hear): string {
    this.#count += 1;
    const path = `/reports/${this.#count}`;
    this.#hearers.set(path, hear);
    return this.origin + path;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
