/** A small backend for `presigned`, `multipart` and `chunked` with its storage on another port, right but for one planted fault. */

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PlantedFault =
  | 'cors'
  | 'hidden-etag'
  | 'wrong-fields'
  | 'no-part-range'
  | 'ignored-length'
  | 'expired-url'
  | 'wrong-status'
  | 'redirect'
  | 'clock'
  | 'slow-answer'
  | 'duplicate-completion'
  | 'no-auth';

export interface PlantedOptions {
  readonly fault?: PlantedFault;
  readonly protocol: 'presigned' | 'multipart' | 'chunked';
  /** Of the page, which is none of the backend's. */
  readonly pageOrigin: string;
}

export interface PlantedBackend {
  readonly endpoint: URL;
  close(): void;
}

export const AUTHORIZATION = 'Bearer right';

interface Session {
  readonly size: number;
  readonly parts: Map<number, Buffer>;
  fileId?: string;
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const startPlantedBackend = async ({ fault, protocol, pageOrigin }: PlantedOptions): Promise<PlantedBackend> => {
  const sessions = new Map<string, Session>();
  let storage = '';
  const cors = (response: ServerResponse, isStorage: boolean): void => {
    if (fault === 'cors' && (isStorage || protocol === 'chunked')) return;
    response.setHeader('Access-Control-Allow-Origin', pageOrigin);
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
    response.setHeader('Access-Control-Allow-Headers', 'content-type, authorization, fastio-part-number');
    if (fault !== 'hidden-etag') response.setHeader('Access-Control-Expose-Headers', 'ETag');
  };
  const urlFor = (id: string, number: number, size: number) => `${storage}/${id}/${number}?size=${size}`;

  const store = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    cors(response, true);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const bytes = await bodyOf(request);
    if (fault === 'expired-url') {
      return void response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    }
    const { pathname, searchParams } = new URL(request.url ?? '', storage);
    const [, id = '', number] = pathname.split('/');
    const isRight = Number(searchParams.get('size')) === bytes.byteLength || fault === 'ignored-length';
    if (!isRight) return void response.writeHead(403).end();
    sessions.get(id)?.parts.set(Number(number), bytes);
    response.setHeader('ETag', `"${createHash('md5').update(bytes).digest('hex')}"`).end();
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    cors(response, false);
    const { method, headers, url: path = '' } = request;
    const bytes = await bodyOf(request);
    const answer = (status: number, value: object): void => {
      if (fault === 'clock') response.setHeader('Date', new Date(Date.now() + 3_600_000).toUTCString());
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    };
    if (method === 'OPTIONS') return void response.writeHead(204).end();
    if (fault === 'slow-answer' && method === 'POST') return;
    if (fault === 'redirect' && method === 'POST' && !path.endsWith('/')) {
      return void response.writeHead(307, { Location: `${path}/` }).end();
    }
    if (fault !== 'no-auth' && headers.authorization !== AUTHORIZATION)
      return answer(401, { error: { code: 'unauthorized' } });
    const rest = path.replace(/^\/uploads\/?/, '');
    const [id = '', action = ''] = rest.split('/');
    const body = method === 'POST' ? JSON.parse(bytes.toString()) : {};
    if (method === 'POST' && (rest === '' || rest === 'init')) return answer(...open(body));
    const session = sessions.get(id);
    if (session === undefined) return answer(fault === 'wrong-status' ? 500 : 404, { error: { code: 'not-found' } });
    if (method === 'DELETE') return answer(sessions.delete(id) ? 200 : 404, {});
    if (method === 'PUT') {
      session.parts.set(Number(headers['fastio-part-number']), bytes);
      response.setHeader('ETag', `"${createHash('md5').update(bytes).digest('hex')}"`);
      return answer(200, {});
    }
    if (action === 'sign') {
      const parts: { part_number: number; size: number }[] = body.parts;
      const urls = parts.map(({ part_number, size }) => ({ part_number, url: urlFor(id, part_number, size) }));
      return answer(200, { parts: urls });
    }
    if (action === 'complete') return answer(...complete(session));
    const parts = [...session.parts].map(([part_number, { byteLength: size }]) => ({ part_number, size, etag: 'e' }));
    return answer(200, { parts });
  };

  const open = (body: Record<string, unknown>): [number, object] => {
    const size = Number(body.size ?? body.total_size);
    if (typeof body.filename !== 'string' || Number.isNaN(size)) return [fault === 'wrong-status' ? 500 : 400, {}];
    const id = randomUUID();
    sessions.set(id, { size, parts: new Map() });
    const file = fault === 'wrong-fields' ? 'key' : protocol === 'presigned' ? 'fileId' : 'upload_id';
    if (protocol === 'presigned') return [200, { uploadUrl: urlFor(id, 1, size), [file]: id }];
    const range = fault === 'no-part-range' ? {} : { min_part_size: 5 * 2 ** 20, max_part_size: 2 ** 30 };
    return [200, { [file]: id, ...range, parts: [] }];
  };

  const complete = (session: Session): [number, object] => {
    const stored = [...session.parts.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (stored !== session.size && fault !== 'ignored-length') return [400, { error: { code: 'bad-request' } }];
    if (fault === 'duplicate-completion') return [200, { file_id: randomUUID() }];
    session.fileId ??= randomUUID();
    return [200, { file_id: session.fileId }];
  };

  const servers = [
    createServer((...exchange) => void store(...exchange)),
    createServer((...exchange) => void serve(...exchange)),
  ];
  const [storageOrigin = '', backendOrigin = ''] = await Promise.all(servers.map(listen));
  storage = storageOrigin;
  return {
    endpoint: new URL('/uploads', backendOrigin),
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
};
