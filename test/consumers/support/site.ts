/** An application in front of a real backend: its pages, the gateway at `/api/uploads`, and an emulated storage. */

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core';
import type * as Emulator from '../../../src/emulator/index.js';
import type * as Gateway from '../../../src/server/index.js';
import type * as Node from '../../../src/server/node.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import type { Application } from './application.js';
import { until } from './press.js';

/** Where pages come from: files of the application, or a server of its own. */
export type Pages =
  | { readonly files: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly port: number };

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const serveFiles = async (
  folder: string,
  headers: Readonly<Record<string, string>>,
  url: URL,
  response: ServerResponse,
) => {
  const path = normalize(url.pathname);
  const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
  try {
    const bytes = await readFile(file);
    response
      .writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers })
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
};

const passOn = (port: number, from: IncomingMessage, response: ServerResponse): void => {
  const { method, url, headers } = from;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  from.pipe(onward);
};

/** Servers in development speak to their pages through a WebSocket, and reload pages that they cannot reach. */
const upgrade = (port: number, { method, url, rawHeaders }: IncomingMessage, socket: Duplex): void => {
  const onward = connect(port, '127.0.0.1', () => {
    const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    onward.write(`${[`${method} ${url} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`);
    socket.pipe(onward).pipe(socket);
  });
  for (const end of [onward, socket])
    end.on('error', () => {
      onward.destroy();
      socket.destroy();
    });
};

/** Modules of the installed package, as a server of the application would import them. */
const load = async <T>(folder: string, entry: string): Promise<T> => {
  const { resolve } = createRequire(join(folder, 'package.json'));
  return import(pathToFileURL(resolve(`fastio-upload/${entry}`)).href);
};

/** What a page says in its console that does not come from the package or the application. */
const IS_FOREIGN =
  /React DevTools|\[HMR\]|\[vite\]|\[Fast Refresh\]|Lit is in dev mode|favicon|Download the|Nuxt DevTools|Angular is running in development/;

export interface Upload {
  readonly fileId: string;
  /** Errors and warnings of the page's console. */
  readonly said: readonly string[];
  readonly page: Page;
}

/** What a page that was sent left: ids and other texts by their names, and files with their contents. */
export type Saved = readonly (readonly [name: string, value: string])[];

const readForm = async (incoming: IncomingMessage): Promise<Saved> => {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const headers = { 'Content-Type': incoming.headers['content-type'] ?? '' };
  const form = await new Response(Buffer.concat(pieces), { headers }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string' ? ([name, value] as const) : ([name, `${value.name}: ${await value.text()}`] as const),
    ),
  );
};

export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the page's console. */
  readonly said: readonly string[];
}

export class Site {
  /** What was posted to `/saved`, in order. */
  readonly saved: Saved[] = [];
  readonly url: string;
  readonly #emulator: Emulator.RunningEmulator;
  readonly #closing: (() => Promise<unknown> | unknown)[] = [];

  private constructor(url: string, emulator: Emulator.RunningEmulator) {
    this.url = url;
    this.#emulator = emulator;
  }

  static async open({ folder }: Application, pages: Pages): Promise<Site> {
    const { startEmulator } = await load<typeof Emulator>(folder, 'emulator');
    const { createUploadHandler } = await load<typeof Gateway>(folder, 'server');
    const { toNodeListener } = await load<typeof Node>(folder, 'server/node');
    const emulator = await startEmulator({ apiKey: 'key' });
    const gateway = toNodeListener(
      createUploadHandler({
        apiKey: 'key',
        workspaceId: '1',
        upstream: emulator.url,
        ticketSecret: randomBytes(32),
        authorize: () => ({ userId: 'ada' }),
      }),
    );
    const server = createServer((incoming, response) => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      if (url.pathname.startsWith('/api/uploads')) void gateway(incoming, response);
      else if (url.pathname === '/favicon.ico') response.writeHead(204).end();
      else if (url.pathname === '/saved') void site.#save(incoming, response);
      else if ('port' in pages) passOn(pages.port, incoming, response);
      else void serveFiles(pages.files, pages.headers ?? {}, url, response);
    }).listen(0, '127.0.0.1');
    if ('port' in pages) server.on('upgrade', (incoming, socket) => upgrade(pages.port, incoming, socket));
    await once(server, 'listening');
    const site = new Site(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, emulator);
    site.#closing.push(
      () => server.close(),
      () => server.closeAllConnections(),
      () => emulator.close(),
    );
    return site;
  }

  /**
   * Opens a page in Chromium, chooses a file of some mebibytes as its user would, waits until the page says in an element
   * `#stored` what it heard, and compares what is stored with what was chosen.
   */
  async upload(path = '/'): Promise<Upload> {
    const { page, said } = await this.visit(path);
    const name = `${randomBytes(4).toString('hex')}.bin`;
    const bytes = randomBytes(3 * 1024 * 1024 + 7);
    const file = join(tmpdir(), name);
    await writeFile(file, bytes);
    const find = () => document.querySelector('fastio-upload')?.shadowRoot?.querySelector('input[type=file]');
    await until(page, said, find);
    const input = (await page.evaluateHandle(find)) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(file);
    await until(page, said, () => (document.querySelector('#stored')?.textContent ?? '') !== '');
    const fileId = await page.evaluate(() => document.querySelector('#stored')?.textContent ?? '');
    const digest = createHash('sha256').update(bytes).digest('hex');
    const stored = this.#emulator.files().find((entry) => entry.name === name);
    if (stored?.sha256 !== digest)
      throw new Error(`${name} is not stored as it was chosen; the page heard of ${fileId}`);
    return { fileId, said, page };
  }

  /** Opens a page in Chromium. */
  async visit(path: string, hasScripts = true): Promise<Opened> {
    const browser = await puppeteer.launch({ executablePath: requireBrowser('chromium'), args: [...CHROMIUM_FLAGS] });
    this.#closing.unshift(() => browser.close());
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      if (['error', 'warn'].includes(message.type()) && !IS_FOREIGN.test(text)) said.push(text);
    });
    await page.setJavaScriptEnabled(hasScripts);
    await page.goto(new URL(path, this.url).href, { waitUntil: 'load' });
    return { page, said };
  }

  async #save(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.saved.push(await readForm(incoming));
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p id="thanks">Saved</p>');
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}
