/** Stands between everything and the S3 server: counts what passes, and breaks what a test wants broken. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

export interface Passed {
  readonly method: string;
  /** The path and query of the URL. */
  readonly url: URL;
  /** Of a part; null for everything else. */
  readonly part: number | null;
  /** Bytes of the body that went on to the storage. */
  bytes: number;
  /** What the storage answered; null until then. */
  status: number | null;
}

export interface Faults {
  /** The storage gets the request, and its answer goes nowhere. Asked once it has answered. */
  readonly losesAnswer?: (passed: Passed) => boolean;
  /** One bit of the body is another one when it gets to the storage. */
  readonly flipsBit?: (passed: Passed) => boolean;
  /** Bytes that all bodies together may send in a second. @default as many as come */
  readonly bytesPerSecond?: number;
}

export interface StorageProxy {
  readonly url: string;
  readonly log: readonly Passed[];
  /** Parts whose bytes the storage has taken, with how often. */
  storedParts(): ReadonlyMap<number, number>;
  /** Takes the place of those before. */
  faults(faults: Faults): void;
  close(): Promise<void>;
}

/** Names of host are kept as they are: signatures bind them. */
export const startStorageProxy = async (storage: string): Promise<StorageProxy> => {
  const log: Passed[] = [];
  const { hostname, port } = new URL(storage);
  let faults: Faults = {};
  const line = new SharedLine();

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method = 'GET' } = incoming;
    const url = new URL(incoming.url ?? '/', storage);
    const number = url.searchParams.get('partNumber');
    const passed: Passed = { method, url, part: number === null ? null : Number(number), bytes: 0, status: null };
    log.push(passed);
    const flips = method !== 'OPTIONS' && (faults.flipsBit?.(passed) ?? false);
    const options = { hostname, port, method, path: incoming.url, headers: incoming.headers, setHost: false };
    const upstream = sendRequest(options, (answer) => {
      passed.status = answer.statusCode ?? null;
      if (faults.losesAnswer?.(passed)) {
        answer.resume();
        answer.once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => incoming.socket.destroy());
    outgoing.once('close', () => upstream.destroy());
    incoming
      .pipe(
        new Transform({
          transform(chunk: Buffer, _encoding, done) {
            if (flips && passed.bytes === 0 && chunk.length > 0) chunk[0] = (chunk[0] ?? 0) ^ 1;
            passed.bytes += chunk.length;
            const delayMs = line.delayOf(chunk.length, faults.bytesPerSecond);
            if (delayMs > 0) setTimeout(() => done(null, chunk), delayMs);
            else done(null, chunk);
          },
        }),
      )
      .pipe(upstream);
  };

  const server = createServer({ requestTimeout: 0 }, pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    storedParts: () => {
      const times = new Map<number, number>();
      for (const { part, method, status } of log) {
        if (part !== null && method === 'PUT' && status === 200) times.set(part, (times.get(part) ?? 0) + 1);
      }
      return times;
    },
    faults: (next) => {
      faults = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** All bodies share it: each chunk waits for those before it. */
class SharedLine {
  #freeAt = 0;

  /** Milliseconds until a chunk is through. */
  delayOf(bytes: number, bytesPerSecond = Number.POSITIVE_INFINITY): number {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes / bytesPerSecond) * 1000;
    return this.#freeAt - now;
  }
}
