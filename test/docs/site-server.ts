/** The documentation as a static host has it: in a folder, with pages that keep what they complain of. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SITE = fileURLToPath(new URL('../../demo/docs/site/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

const FOLDER = '/some/folder/';

/** Runs before all other scripts of a page: not every driver tells of the console. */
const keepComplaints = (): void => {
  const complaints: string[] = [];
  Object.assign(window, { complaints });
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...args: unknown[]) => complaints.push(`${level}: ${args.join(' ')}`);
  }
  const onError = (event: Event): void => {
    const { target } = event;
    const url = target instanceof HTMLElement ? (target.getAttribute('src') ?? target.getAttribute('href')) : null;
    complaints.push(url === null && event instanceof ErrorEvent ? event.message : `${url} failed`);
  };
  addEventListener('error', onError, { capture: true });
  addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
};

const contentOf = (path: string): Buffer | string => {
  const content = readFileSync(join(SITE, normalize(path)));
  if (extname(path) !== '.html') return content;
  return content.toString().replace('<head>', `<head><script>(${keepComplaints})()</script>`);
};

export interface SiteServer {
  /** URL of the site's folder. */
  readonly base: string;
  /** Paths that were asked for and are not there. */
  readonly missing: string[];
  close(): void;
}

export const serveSite = async (): Promise<SiteServer> => {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    try {
      if (!pathname.startsWith(FOLDER)) throw new Error('outside of the site');
      const content = contentOf(pathname.slice(FOLDER.length));
      response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'application/octet-stream').end(content);
    } catch {
      missing.push(pathname);
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}${FOLDER}`,
    missing,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
};
