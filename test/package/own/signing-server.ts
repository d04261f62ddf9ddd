/**
 * What the protocol of the documentation speaks to: a backend that signs a URL for each part, and a storage of another
 * origin that takes only what was signed, in time. Both listen on the loopback interface.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const SECRET = 'of the storage';
const PART_SIZE = 1000;
/** Of a signature. */
const LIFE_SECONDS = 60;

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray());

/** Answers that are null never come. */
const listen = async (
  answerTo: (request: IncomingMessage, url: URL, body: Buffer) => Answer | null,
): Promise<Server> => {
  const server = createServer(async (request, response) => {
    // A page that is left, or a program that is killed, takes its requests with it.
    const body = await bodyOf(request).catch(() => null);
    if (body === null) return;
    const url = new URL(request.url ?? '', 'http://localhost');
    const answer = request.method === 'OPTIONS' ? {} : answerTo(request, url, body);
    if (answer === null) return;
    const { status = 200, headers, json = {} } = answer;
    response.writeHead(status, {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Methods': '*',
      'Access-Control-Expose-Headers': 'ETag',
      ...headers,
    });
    response.end(JSON.stringify(json));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const signatureOf = (id: string, number: string, until: string): Buffer =>
  createHmac('sha256', SECRET).update(`PUT ${id} ${number} ${until}`).digest();

export class SigningServer {
  /** Files that were completed. */
  readonly stored: Buffer[] = [];
  /** Numbers of the parts whose URLs were asked for, request by request. */
  readonly signed: (readonly number[])[] = [];
  /** Numbers of the parts in the order in which they were confirmed. */
  readonly confirmed: number[] = [];
  /** Statuses with which the storage refused. */
  readonly refused: number[] = [];
  /** Headers of the last request to each side. */
  readonly headers: { backend: IncomingMessage['headers']; storage: IncomingMessage['headers'] } = {
    backend: {},
    storage: {},
  };
  /** Parts that are confirmed; what comes after them gets no answer until this is raised. */
  answersTo = Number.POSITIVE_INFINITY;
  /** Milliseconds by which the storage's clock is ahead. */
  ahead = 0;
  /** Parts that the storage refuses as overloaded before it takes one again. */
  overloaded = 0;
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  #servers: { readonly backend: Server; readonly storage: Server } | null = null;

  static async start(): Promise<SigningServer> {
    const signing = new SigningServer();
    const storage = await listen((...request) => signing.#store(...request));
    const backend = await listen((...request) => signing.#serve(...request));
    signing.#servers = { backend, storage };
    return signing;
  }

  get endpoint(): string {
    return `${this.#origin('backend')}/uploads`;
  }

  close(): void {
    for (const server of Object.values(this.#servers ?? {})) {
      server.closeAllConnections();
      server.close();
    }
  }

  #origin(side: 'backend' | 'storage'): string {
    if (this.#servers === null) throw new Error('not started');
    return originOf(this.#servers[side]);
  }

  #store({ headers }: IncomingMessage, { pathname, searchParams }: URL, body: Buffer): Answer | null {
    this.headers.storage = headers;
    const [, id = '', number = ''] = pathname.split('/');
    const until = searchParams.get('until') ?? '';
    const signature = Buffer.from(searchParams.get('signature') ?? '', 'hex');
    const expected = signatureOf(id, number, until);
    const isSigned = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (!isSigned || Number(until) < Date.now() + this.ahead) return this.#refuse(403);
    if (this.overloaded > 0) {
      this.overloaded -= 1;
      return this.#refuse(503);
    }
    if (this.confirmed.length >= this.answersTo) return null;
    this.confirmed.push(Number(number));
    this.#uploads.get(id)?.set(Number(number), body);
    return { headers: { ETag: `"${number}"` } };
  }

  #refuse(status: number): Answer {
    this.refused.push(status);
    return { status };
  }

  #serve({ headers }: IncomingMessage, { pathname }: URL, body: Buffer): Answer {
    this.headers.backend = headers;
    const [, , id, action] = pathname.split('/');
    if (id === undefined) {
      const opened = `u${this.#uploads.size}`;
      this.#uploads.set(opened, new Map());
      return { json: { id: opened, partSize: PART_SIZE } };
    }
    const parts = this.#uploads.get(id);
    if (parts === undefined) return { status: 404 };
    if (action === 'sign') return { json: this.#sign(id, JSON.parse(body.toString()).numbers) };
    const inOrder = [...parts].sort(([a], [b]) => a - b);
    const listed = inOrder.map(([number, part]) => ({ number, size: part.length, etag: String(number) }));
    if (action !== 'complete') return { json: { parts: listed } };
    const told: readonly { readonly etag: string }[] = JSON.parse(body.toString()).parts;
    if (told.map(({ etag }) => etag).join() !== listed.map(({ etag }) => etag).join()) return { status: 400 };
    this.stored.push(Buffer.concat(inOrder.map(([, part]) => part)));
    return { json: { fileId: `file-${id}` } };
  }

  #sign(id: string, numbers: readonly number[]) {
    this.signed.push(numbers);
    const until = String(Date.now() + LIFE_SECONDS * 1000);
    const urlOf = (number: number): string => {
      const signature = signatureOf(id, String(number), until).toString('hex');
      return `${this.#origin('storage')}/${id}/${number}?until=${until}&signature=${signature}`;
    };
    return { urls: Object.fromEntries(numbers.map((number) => [number, urlOf(number)])), seconds: LIFE_SECONDS };
  }
}
