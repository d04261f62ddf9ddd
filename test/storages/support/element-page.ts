/** A page with nothing but the element, made of the sources: for servers that the demo does not speak to. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface ElementPage {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** All scripts of the element as one module. */
const bundle = async (): Promise<string> => {
  const entry = fileURLToPath(new URL('../../../src/define.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const files = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const [only, ...more] = files.filter((file) => file.type === 'chunk');
  if (only === undefined || more.length > 0) throw new Error('the element is one module');
  return only.code;
};

export interface ElementPageOptions {
  /** Of the element, as they are written in HTML, by the `protocol` in the page's query. */
  readonly attributesFor: (protocol: string) => string;
  /** Answers what is below `/api`. @default nothing is there */
  readonly api?: RequestListener;
}

export const startElementPage = async ({ attributesFor, api }: ElementPageOptions): Promise<ElementPage> => {
  const script = await bundle();
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/api')) return api?.(request, response);
    const attributes = attributesFor(searchParams.get('protocol') ?? '');
    const html = `<!doctype html><script type="module" src="/element.js"></script><fastio-upload ${attributes}></fastio-upload>`;
    const isScript = pathname === '/element.js';
    response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : html);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
