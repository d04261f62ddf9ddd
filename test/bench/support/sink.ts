/**
 * A server that speaks the wire format of every contender, throws the bytes away and answers when it has read them all.
 * What it costs is the same for all. Below `/app` is what a page's own backend does (signing, opening), below `/store` what
 * the storage does; pages call the former as `localhost` and the latter as `127.0.0.1`, so that CORS is real.
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface SinkCounts {
  requests: number;
  preflights: number;
  /** Of all bodies, also of those that were cut. */
  bytes: number;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly header: (name: string) => string;
  readonly bytes: number;
  /** Of a JSON body; empty for any other. */
  readonly json: Readonly<Record<string, unknown>>;
}

type Route = (call: Call, storage: string) => Answer;

/** One tag for all parts: nothing here checks what is inside. */
const ETAG = '"d41d8cd98f00b204e9800998ecf8427e"';
const STORED: Answer = { headers: { ETag: ETAG, Location: '/stored' }, text: '' };

const grant = (storage: string) => ({ uploadUrl: `${storage}/store/put/${randomUUID()}`, fileId: randomUUID() });

const xml = (text: string): Answer => ({ headers: { 'Content-Type': 'application/xml' }, text });

/** Presigned PUT, single and in batches. */
const mint: Route = ({ json }, storage) => {
  const { files } = json;
  return Array.isArray(files) ? { json: { grants: files.map(() => grant(storage)) } } : { json: grant(storage) };
};

const capabilities: Route = () => ({
  json: {
    version: 1,
    protocols: ['presigned'],
    urls: { presigned: '/app/mint/presigned' },
    chunkedAbove: 2 ** 50,
    mintBatch: 100,
  },
});

/** Sizes of the parts of each chunked session, by number. */
const sessions = new Map<string, Map<number, number>>();

const sessionAnswer = (id: string, parts: ReadonlyMap<number, number>): Answer => ({
  json: {
    upload_id: id,
    total_size: 0,
    parts: [...parts].map(([number, size]) => ({ part_number: number, etag: ETAG, size })),
  },
});

/** Parts by number, as the chunked upload article has them. */
const chunked: Route = ({ method, url, header, bytes }) => {
  const [, id = '', action = ''] = /\/store\/chunked\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
  if (id === 'init') {
    const made = randomUUID();
    sessions.set(made, new Map());
    return { json: { upload_id: made } };
  }
  const parts = sessions.get(id);
  if (parts === undefined) return { status: 404, json: {} };
  if (action === 'complete') return { json: { file_id: randomUUID() } };
  if (method !== 'PUT') return sessionAnswer(id, parts);
  parts.set(Number(header('fastio-part-number')), bytes);
  return STORED;
};

/** Parts by URLs of the storage that the page's backend signs, with the rules that the gateway tells of a bucket. */
const multipart: Route = ({ method, url, json }, storage) => {
  const [, id = '', action = ''] = /\/app\/multipart\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
  if (id === '') {
    const rules = { min_part_size: 5 * 2 ** 20, max_part_size: 5 * 2 ** 30, max_parts: 10_000, checksum: 'md5' };
    return { json: { upload_id: randomUUID(), ...rules, parts: [] } };
  }
  if (action === 'complete') return { json: { file_id: randomUUID() } };
  if (action !== 'sign') return method === 'DELETE' ? { status: 204 } : { json: { upload_id: id, parts: [] } };
  const wanted = Array.isArray(json.parts) ? json.parts : [];
  return {
    json: {
      parts: wanted.map(({ part_number }) => ({
        part_number,
        url: `${storage}/store/s3/${id}?partNumber=${part_number}`,
      })),
    },
  };
};

const signS3: Route = ({ json }, storage) => {
  const query = new URLSearchParams({ 'X-Amz-Signature': randomUUID() });
  for (const name of ['uploadId', 'partNumber']) if (json[name] !== undefined) query.set(name, String(json[name]));
  return { json: { method: json.method ?? 'PUT', url: `${storage}/store/s3/${randomUUID()}?${query}` } };
};

const s3: Route = ({ method, url }) => {
  if (method === 'PUT') return STORED;
  if (!url.searchParams.has('uploadId')) {
    const name = 'InitiateMultipartUploadResult';
    return xml(`<${name}><Bucket>b</Bucket><Key>k</Key><UploadId>${randomUUID()}</UploadId></${name}>`);
  }
  const name = 'CompleteMultipartUploadResult';
  return xml(`<${name}><Location>http://b/k</Location><Bucket>b</Bucket><Key>k</Key><ETag>e</ETag></${name}>`);
};

const tusLengths = new Map<string, number>();

const tus: Route = ({ method, url, header, bytes }) => {
  const headers = { 'Tus-Resumable': '1.0.0' };
  if (method === 'POST') {
    const id = randomUUID();
    tusLengths.set(id, 0);
    return { status: 201, headers: { ...headers, Location: `${url.origin}/store/tus/${id}` } };
  }
  const id = url.pathname.split('/').at(-1) ?? '';
  const offset = (Number(header('upload-offset')) || 0) + bytes;
  tusLengths.set(id, offset);
  return { status: 204, headers: { ...headers, 'Upload-Offset': String(offset) } };
};

const ROUTES: readonly (readonly [prefix: string, route: Route])[] = [
  ['/app/mint/presigned', mint],
  ['/app/mint', capabilities],
  ['/app/multipart', multipart],
  ['/app/s3/sign', signS3],
  ['/app/s3/create', () => ({ json: { uploadId: randomUUID(), key: 'k' } })],
  ['/app/s3/complete', () => ({ json: { location: 'http://b/k' } })],
  ['/store/chunked', chunked],
  ['/store/s3', s3],
  ['/store/tus', tus],
  // Plain bodies, whatever the method: the references, UpChunk, FilePond, Vaadin, and the check of the line.
  ['/store', () => ({ ...STORED, text: 'stored' })],
];

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Location, Upload-Offset, Tus-Resumable, Range',
};

const PREFLIGHT = {
  ...CORS,
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '7200',
};

const MAX_JSON = 1 << 20;

/** @param onBytes is told of each piece, also of bodies that never end. */
const readCall = async (request: IncomingMessage, onBytes: (bytes: number) => void): Promise<Call> => {
  const { method = 'GET', headers } = request;
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onBytes(chunk.length);
    if (isJson && bytes <= MAX_JSON) kept.push(chunk);
  }
  return {
    method,
    url: new URL(request.url ?? '/', `http://${headers.host}`),
    header: (name) => String(headers[name] ?? ''),
    bytes,
    json: kept.length > 0 ? JSON.parse(Buffer.concat(kept).toString()) : {},
  };
};

export class Sink {
  /** Since the last `reset`. */
  counts: SinkCounts = { requests: 0, preflights: 0, bytes: 0 };
  /** Where the pages reach the storage; known once the line listens. */
  storage = '';

  reset(): void {
    this.counts = { requests: 0, preflights: 0, bytes: 0 };
  }

  handles(path: string): boolean {
    return path.startsWith('/app/') || path.startsWith('/store/');
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      this.counts.preflights += 1;
      response.writeHead(204, PREFLIGHT).end();
      return;
    }
    const { counts } = this;
    counts.requests += 1;
    const call = await readCall(request, (bytes) => {
      counts.bytes += bytes;
    });
    const route = ROUTES.find(([prefix]) => call.url.pathname.startsWith(prefix))?.[1];
    const { status = 200, headers = {}, json, text = '' } = route?.(call, this.storage) ?? { status: 404 };
    const type = json === undefined ? 'text/plain' : 'application/json';
    if (response.headersSent || response.destroyed) return;
    response.writeHead(status, { ...CORS, 'Content-Type': type, ...headers });
    response.end(status === 204 ? undefined : json === undefined ? text : JSON.stringify(json));
  }
}
