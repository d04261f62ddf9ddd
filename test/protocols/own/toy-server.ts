/** What the toy protocol speaks to: a backend that signs, and a storage of another origin that checks what was signed. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ToyUpload {
  readonly parts: Map<number, Buffer>;
}

export interface ToyServer {
  readonly url: string;
  /** Files that were completed. */
  readonly stored: readonly Buffer[];
  /** Numbers of the parts whose URLs were asked for, request by request. */
  readonly signed: readonly (readonly number[])[];
  /** Headers of the last request to the storage. */
  readonly storageHeaders: IncomingMessage['headers'];
  /** Parts that the storage refuses before it takes one again. */
  refuse: number;
  close(): void;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

const listen = async (handle: (request: IncomingMessage, body: Buffer) => unknown): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const answer = request.method === 'OPTIONS' ? {} : handle(request, body);
    response.writeHead(answer === null ? 503 : 200, {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Methods': '*',
    });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export const startToyServer = async (): Promise<ToyServer> => {
  const uploads = new Map<string, ToyUpload>();
  const state = { stored: [] as Buffer[], signed: [] as number[][], storageHeaders: {}, refuse: 0 };

  const storage = await listen((request, body) => {
    state.storageHeaders = request.headers;
    const [, id = '', number = ''] = (request.url ?? '').split('/');
    if (state.refuse > 0) {
      state.refuse -= 1;
      return null;
    }
    uploads.get(id)?.parts.set(Number(number), body);
    return {};
  });

  const backend = await listen((request, body) => {
    const [, , id = '', action] = (request.url ?? '').split('/');
    const upload = uploads.get(id);
    if (upload === undefined) {
      uploads.set(`u${uploads.size}`, { parts: new Map() });
      return { id: `u${uploads.size - 1}` };
    }
    if (action === 'sign') {
      const numbers: number[] = JSON.parse(body.toString()).parts;
      state.signed.push(numbers);
      return { urls: Object.fromEntries(numbers.map((number) => [number, `${originOf(storage)}/${id}/${number}`])) };
    }
    const parts = [...upload.parts].sort(([a], [b]) => a - b);
    if (action !== 'complete') return { parts: parts.map(([number, part]) => ({ number, size: part.length })) };
    state.stored.push(Buffer.concat(parts.map(([, part]) => part)));
    return { fileId: `file-${id}` };
  });

  const close = () => {
    for (const server of [storage, backend]) {
      server.closeAllConnections();
      server.close();
    }
  };
  return Object.assign(state, { url: `${originOf(backend)}/toy`, close });
};
