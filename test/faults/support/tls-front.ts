/**
 * TLS and HTTP/2 before a server that speaks neither, with faults that only these two have. The certificate is made for
 * the occasion: its browser has to be told not to check it.
 */

import { once } from 'node:events';
import { request } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../support/certificate.js';

/** Sees each request first; true when no other is to answer it. */
export type Intercept = (request: Http2ServerRequest, response: Http2ServerResponse) => boolean;

/** These belong to connections of HTTP/1.1. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding'];

export class TlsFront {
  readonly #server: Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  #intercept: Intercept = () => false;
  #sessionCount = 0;

  private constructor(server: Http2SecureServer, target: () => number) {
    this.#server = server;
    server.on('session', (session) => {
      this.#sessionCount += 1;
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', () => {});
    });
    server.on('request', (incoming, outgoing) => {
      incoming.on('error', () => {});
      outgoing.on('error', () => {});
      if (!this.#intercept(incoming, outgoing)) relay(incoming, outgoing, target());
    });
  }

  static async start(target: () => number): Promise<TlsFront> {
    const pem = makeCertificate();
    const front = new TlsFront(createSecureServer({ key: pem, cert: pem, allowHTTP1: true }), target);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections over HTTP/2 so far, closed ones included. */
  get sessionCount(): number {
    return this.#sessionCount;
  }

  intercept(intercept: Intercept): void {
    this.#intercept = intercept;
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
  }
}

const relay = (incoming: Http2ServerRequest, outgoing: Http2ServerResponse, port: number): void => {
  const { method, url: path, headers } = incoming;
  const plain = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
  const upstream = request({ host: '127.0.0.1', port, method, path, headers: plain, agent: false });
  incoming.pipe(upstream);
  outgoing.once('close', () => upstream.destroy());
  upstream.on('error', () => outgoing.stream?.destroy());
  upstream.on('response', (response) => {
    if (outgoing.stream?.destroyed) return;
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined && !HOP_HEADERS.includes(name)) outgoing.setHeader(name, value);
    }
    outgoing.writeHead(response.statusCode ?? 502);
    response.pipe(outgoing);
  });
};
