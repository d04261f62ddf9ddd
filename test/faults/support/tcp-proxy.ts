/**
 * A line that goes bad on demand, below HTTP: it stands between browser and server and spoils bytes without reading them.
 *
 * Each direction has the faults of `Line`, for all connections (`proxy.up`, `proxy.down`) or for one
 * (`connection.up`, `connection.down`, which win). They are read anew for each chunk, so that a test changes them while
 * bytes flow. Kernel buffers on both sides take a few MiB ahead: what a sender counts as sent runs early.
 */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What one direction does to its bytes. */
export interface Line {
  /** Milliseconds that each chunk travels; the order is kept. */
  latencyMs: number;
  /** Milliseconds more, at most, by chance. */
  jitterMs: number;
  /** Of each connection. */
  bytesPerSecond: number;
  /** Longest piece that is passed on at once. */
  sliceBytes: number;
  /** After so many bytes of a connection it is reset. */
  resetAfterBytes: number;
  /** This byte, counted from 0, arrives changed: of the first connection that comes so far, and of no other. */
  flipAtByte: number;
  /** Nothing gets through, and neither side is told. What was sent meanwhile comes late once it ends. */
  blackHole: boolean;
  /** Milliseconds by which the end of the stream is held back. */
  closeDelayMs: number;
}

const PERFECT: Readonly<Line> = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  resetAfterBytes: Number.POSITIVE_INFINITY,
  flipAtByte: Number.POSITIVE_INFINITY,
  blackHole: false,
  closeDelayMs: 0,
};

/** How often a black hole and a slow line look whether they have been lifted. */
const LOOK_MS = 20;
/** Bytes on their way in one direction of one connection. */
const WINDOW = 1 << 18;
const LARGEST_SLICE = 1 << 16;

export interface ProxiedConnection {
  /** Counted from 1. */
  readonly number: number;
  /** Wins over the proxy's own; empty at first. Up is from the browser to the server. */
  readonly up: Partial<Line>;
  readonly down: Partial<Line>;
  /** Bytes passed on so far. */
  readonly passed: { up: number; down: number };
  /** As a router that lost its state does. */
  reset(): void;
}

type Side = 'up' | 'down';

interface ConnectionInit {
  /** What holds for all connections. */
  readonly shared: Readonly<Record<Side, Line>>;
  /** Told before a reset by `resetAfterBytes`. */
  readonly onCut: () => void;
}

class Connection implements ProxiedConnection {
  readonly up: Partial<Line> = {};
  readonly down: Partial<Line> = {};
  readonly passed = { up: 0, down: 0 };
  readonly number: number;
  readonly #sockets: readonly [browser: Socket, server: Socket];
  readonly #shared: Readonly<Record<Side, Line>>;
  readonly #onCut: () => void;

  constructor(number: number, sockets: readonly [Socket, Socket], { shared, onCut }: ConnectionInit) {
    this.number = number;
    this.#sockets = sockets;
    this.#shared = shared;
    this.#onCut = onCut;
    const [browser, server] = sockets;
    for (const socket of sockets) socket.on('error', () => this.reset());
    void this.#pump('up', browser, server).catch(() => this.reset());
    void this.#pump('down', server, browser).catch(() => this.reset());
  }

  get isOpen(): boolean {
    return this.#sockets.every(({ destroyed }) => !destroyed);
  }

  reset(): void {
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }

  #line(side: Side): Line {
    return { ...this.#shared[side], ...this[side] };
  }

  async #pump(side: Side, from: Socket, to: Socket): Promise<void> {
    for await (const { bytes, dueAt } of travel(from, () => this.#line(side))) {
      await delay(Math.max(0, dueAt - performance.now()));
      for (let start = 0; start < bytes.length; ) {
        const line = await this.#untilPassable(side);
        const length = Math.min(line.sliceBytes, LARGEST_SLICE, line.resetAfterBytes - this.passed[side]);
        if (length <= 0) {
          this.#onCut();
          return this.reset();
        }
        const slice = bytes.subarray(start, start + length);
        start += slice.length;
        const flipped = slice[line.flipAtByte - this.passed[side]];
        if (flipped !== undefined) {
          slice[line.flipAtByte - this.passed[side]] = flipped ^ 0xff;
          this.#shared[side].flipAtByte = Number.POSITIVE_INFINITY;
        }
        this.passed[side] += slice.length;
        if (!to.write(slice)) await once(to, 'drain');
        await this.#pace(side, slice.length);
      }
    }
    await this.#untilPassable(side);
    await delay(this.#line(side).closeDelayMs, undefined, { ref: false });
    to.end();
  }

  /** Once the line is no black hole. */
  async #untilPassable(side: Side): Promise<Line> {
    for (;;) {
      const line = this.#line(side);
      if (!line.blackHole || !this.isOpen) return line;
      await delay(LOOK_MS);
    }
  }

  /** The time that the bytes take; a change of the rate counts for those still to come. */
  async #pace(side: Side, bytes: number): Promise<void> {
    for (let left = bytes; left > 0 && this.isOpen; ) {
      const { bytesPerSecond } = this.#line(side);
      if (bytesPerSecond === Number.POSITIVE_INFINITY) return;
      const ms = Math.min((left / bytesPerSecond) * 1000, LOOK_MS);
      await delay(ms);
      left -= (ms / 1000) * bytesPerSecond;
    }
  }
}

interface Travelling {
  readonly bytes: Buffer;
  /** On the clock of `performance`. */
  readonly dueAt: number;
}

/** Chunks with the moment at which they arrive. Reads ahead, so that latency costs no rate. */
async function* travel(from: Socket, line: () => Line): AsyncGenerator<Travelling> {
  const queue: Travelling[] = [];
  let waiting = 0;
  let hasEnded = false;
  let notify = () => {};
  from.on('data', (bytes: Buffer) => {
    const { latencyMs, jitterMs } = line();
    const dueAt = Math.max(performance.now() + latencyMs + jitterMs * Math.random(), queue.at(-1)?.dueAt ?? 0);
    queue.push({ bytes, dueAt });
    waiting += bytes.length;
    if (waiting >= WINDOW) from.pause();
    notify();
  });
  const end = () => {
    hasEnded = true;
    notify();
  };
  from.once('end', end).once('close', end);
  for (;;) {
    const next = queue.shift();
    if (next !== undefined) {
      yield next;
      waiting -= next.bytes.length;
      if (waiting < WINDOW) from.resume();
    } else if (hasEnded) return;
    else
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
  }
}

export class TcpProxy {
  readonly up: Line = { ...PERFECT };
  readonly down: Line = { ...PERFECT };
  readonly #target: () => number;
  readonly #connections = new Set<Connection>();
  #server: Server | null = null;
  #port = 0;
  #count = 0;
  #resets = 0;
  #onConnection: (connection: ProxiedConnection) => void = () => {};

  /** @param target port of the server on this machine, asked for each connection. */
  constructor(target: () => number) {
    this.#target = target;
  }

  /** The same for the life of the proxy. */
  get port(): number {
    return this.#port;
  }

  /** So far, closed ones included. */
  get connectionCount(): number {
    return this.#count;
  }

  /** Connections that `resetAfterBytes` cut. */
  get resetCount(): number {
    return this.#resets;
  }

  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  /** Sees each connection before its first byte. */
  onConnection(listener: (connection: ProxiedConnection) => void): void {
    this.#onConnection = listener;
  }

  /** Takes connections, after a refusal at the same port as before. */
  async listen(): Promise<void> {
    if (this.#server !== null) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  /** New connections are refused; what is open goes on unless it is reset. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.close();
  }

  resetAll(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Every direction is perfect again, of open connections too. */
  heal(): void {
    Object.assign(this.up, PERFECT);
    Object.assign(this.down, PERFECT);
    for (const { up, down } of this.#connections) {
      Object.assign(up, PERFECT);
      Object.assign(down, PERFECT);
    }
    this.#onConnection = () => {};
  }

  async close(): Promise<void> {
    await this.refuse();
    this.resetAll();
  }

  #accept(browser: Socket): void {
    const server = connect({ port: this.#target(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#count += 1;
    const onCut = (): void => {
      this.#resets += 1;
    };
    const shared = { up: this.up, down: this.down };
    const connection = new Connection(this.#count, [browser, server], { shared, onCut });
    this.#connections.add(connection);
    const forget = () => this.#connections.delete(connection);
    browser.once('close', forget);
    server.once('close', () => {
      forget();
      // A server that died must not leave the browser waiting at a line that is otherwise fine.
      if (!browser.writableEnded) connection.reset();
    });
    this.#onConnection(connection);
  }
}
