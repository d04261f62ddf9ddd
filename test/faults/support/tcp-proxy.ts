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
import { type Line, PERFECT, travel } from './line.js';

/** How often a black hole and a slow line look whether they have been lifted. */
const LOOK_MS = 20;
const MAX_SLICE = 1 << 16;

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
  /** Connections that carry something now. */
  readonly busy: Record<Side, number>;
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
  readonly #busy: Record<Side, number>;
  readonly #onCut: () => void;

  constructor(number: number, sockets: readonly [Socket, Socket], { shared, busy, onCut }: ConnectionInit) {
    this.number = number;
    this.#sockets = sockets;
    this.#shared = shared;
    this.#busy = busy;
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
        const length = Math.min(line.sliceBytes, MAX_SLICE, line.resetAfterBytes - this.passed[side]);
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
    this.#busy[side] += 1;
    for (let left = bytes; left > 0 && this.isOpen; ) {
      const rate = this.#rate(side);
      if (rate === Number.POSITIVE_INFINITY) break;
      const ms = Math.min((left / rate) * 1000, LOOK_MS);
      await delay(ms);
      left -= (ms / 1000) * rate;
    }
    this.#busy[side] -= 1;
  }

  #rate(side: Side): number {
    const { bytesPerSecond, sharedBytesPerSecond, neighbours } = this.#line(side);
    return Math.min(bytesPerSecond, sharedBytesPerSecond / (this.#busy[side] + neighbours));
  }
}

export class TcpProxy {
  readonly up: Line = { ...PERFECT };
  readonly down: Line = { ...PERFECT };
  readonly #target: () => number;
  readonly #connections = new Set<Connection>();
  readonly #busy: Record<Side, number> = { up: 0, down: 0 };
  #breaks: NodeJS.Timeout | undefined;
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

  /** Resets all connections again and again, in place of earlier breaks. */
  breakEvery(ms: number): void {
    clearInterval(this.#breaks);
    this.#breaks = setInterval(() => this.resetAll(), ms);
  }

  /** Every direction is perfect again, of open connections too. */
  heal(): void {
    clearInterval(this.#breaks);
    Object.assign(this.up, PERFECT);
    Object.assign(this.down, PERFECT);
    for (const { up, down } of this.#connections) {
      Object.assign(up, PERFECT);
      Object.assign(down, PERFECT);
    }
    this.#onConnection = () => {};
  }

  async close(): Promise<void> {
    clearInterval(this.#breaks);
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
    const connection = new Connection(this.#count, [browser, server], { shared, busy: this.#busy, onCut });
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
