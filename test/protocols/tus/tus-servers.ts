/**
 * Servers that speak tus: the one of the tus project, behind a line that can be cut, and one of our own for extensions that
 * it lacks (creation-with-upload, concatenation, checksum, termination).
 */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

export interface TusRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface RunningServer {
  /** The creation URL. */
  readonly url: string;
  readonly requests: readonly TusRequest[];
  close(): void;
}

const listen = async (handle: RequestListener): Promise<{ origin: string; requests: TusRequest[]; close(): void }> => {
  const requests: TusRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, headers });
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
};

export interface RealServer extends RunningServer {
  /** Connections that are cut after so many bytes of a PATCH, one for each entry. */
  readonly cuts: number[];
  /** Statuses that the next PATCH requests are answered with. */
  readonly refusals: number[];
  /** Bytes of PATCH requests that the server was given. */
  received: number;
}

/** `@tus/server` with `@tus/file-store` in `folder`. */
export const startRealServer = async (folder: string): Promise<RealServer> => {
  const tus = new Server({ path: '/files', datastore: new FileStore({ directory: folder }) });
  const state = { cuts: [] as number[], refusals: [] as number[], received: 0 };
  const { origin, ...running } = await listen((request, response) => {
    if (request.method !== 'PATCH') void tus.handle(request, response);
    else void relay(request, response);
  });

  const relay = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = state.refusals.shift();
    if (refusal !== undefined) {
      request.resume().once('end', () => response.writeHead(refusal, { 'Tus-Resumable': '1.0.0' }).end());
      return;
    }
    const { socket } = request;
    const cutAt = state.cuts.shift() ?? Number.POSITIVE_INFINITY;
    let passed = 0;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for await (const piece of request as AsyncIterable<Buffer>) {
          const taken = piece.subarray(0, cutAt - passed);
          controller.enqueue(taken);
          passed += taken.length;
          state.received += taken.length;
          if (passed >= cutAt) {
            controller.close();
            return;
          }
        }
        controller.close();
      },
    });
    const { 'content-length': _, ...headers } = request.headers;
    const init = { method: 'PATCH', headers: headers as Record<string, string>, body, duplex: 'half' };
    const answer = await tus.handleWeb(new Request(`${origin}${request.url}`, init as RequestInit));
    if (passed >= cutAt) socket.destroy();
    else response.writeHead(answer.status, Object.fromEntries(answer.headers)).end();
  };
  return Object.assign(state, running, { url: `${origin}/files` });
};

interface Stored {
  readonly length: number;
  bytes: Buffer;
}

export interface OwnServer extends RunningServer {
  /** What each upload holds, by its path. */
  readonly uploads: ReadonlyMap<string, Stored>;
  /** The next PATCH loses a bit on its way. */
  flipBit: boolean;
  /** The next upload that is put together is there, and its answer is lost. */
  loseFinalAnswer: boolean;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

/** A server in memory that knows these extensions, and keeps uploads below `place`. */
export const startOwnServer = async (extensions: string, place = '/files'): Promise<OwnServer> => {
  const uploads = new Map<string, Stored>();
  const state = { flipBit: false, loseFinalAnswer: false };

  const store = (upload: Stored, bytes: Buffer, checksum: string | undefined): number => {
    if (state.flipBit) bytes[0] = (bytes[0] ?? 0) ^ 1;
    state.flipBit = false;
    const [algorithm = '', digest] = (checksum ?? '').split(' ');
    if (checksum !== undefined && createHash(algorithm).update(bytes).digest('base64') !== digest) return 460;
    upload.bytes = Buffer.concat([upload.bytes, bytes]);
    return 204;
  };

  const create = (headers: IncomingMessage['headers'], body: Buffer): string => {
    const path = `${place}/${uploads.size}`;
    const concat = String(headers['upload-concat'] ?? '');
    const parts = concat.startsWith('final;') ? concat.slice(6).split(' ') : [];
    const bytes = Buffer.concat([...parts.map((part) => uploads.get(part)?.bytes ?? Buffer.alloc(0)), body]);
    uploads.set(path, { length: Number(headers['upload-length'] ?? bytes.length), bytes });
    return path;
  };

  const { origin, ...running } = await listen(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const body = await bodyOf(request);
    const answer = (status: number, more: Record<string, string> = {}) =>
      response.writeHead(status, { 'Tus-Resumable': '1.0.0', ...more }).end();
    const upload = uploads.get(path);
    if (method === 'OPTIONS') return answer(204, { 'Tus-Extension': extensions, 'Tus-Checksum-Algorithm': 'sha1' });
    if (method === 'POST') {
      const location = create(headers, body);
      if (state.loseFinalAnswer && String(headers['upload-concat']).startsWith('final;')) {
        state.loseFinalAnswer = false;
        request.socket.destroy();
        return;
      }
      return answer(201, { Location: location, 'Upload-Offset': String(uploads.get(location)?.bytes.length) });
    }
    if (upload === undefined) return answer(404);
    if (method === 'DELETE') return answer(uploads.delete(path) ? 204 : 404);
    const status = method === 'PATCH' ? store(upload, body, headers['upload-checksum'] as string | undefined) : 200;
    return answer(status, { 'Upload-Offset': String(upload.bytes.length), 'Upload-Length': String(upload.length) });
  });
  return Object.assign(state, running, { url: `${origin}/files`, uploads });
};
