/**
 * A slow line in user land: it stands between browser and server and lets bytes through at the pace and with the delay of
 * a profile. It has no loss and no slow start, so it shows what rate and distance do, not what a bad network does.
 *
 * Every chunk has a moment at which it has left the line, reckoned from the rates and not from timers; a late timer
 * delays one chunk and never lowers the rate. `measureLine` proves that before anything is measured on it.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { PROFILES, type Profile } from './profile.js';

/** How far a connection is read ahead of the line, in milliseconds: a short queue, as a good router keeps it. */
const QUEUE_MS = 20;

interface Travelling {
  readonly bytes: Buffer;
  /** On the clock of `performance`. */
  readonly arrivesAt: number;
}

/** One direction of one connection. */
class Lane {
  readonly #to: Socket;
  readonly #travelling: Travelling[] = [];
  #timer: NodeJS.Timeout | null = null;
  #hasEnded = false;

  constructor(to: Socket) {
    this.#to = to;
  }

  add(travelling: Travelling): void {
    this.#travelling.push(travelling);
    this.#schedule();
  }

  end(): void {
    this.#hasEnded = true;
    this.#schedule();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#travelling.length = 0;
  }

  #schedule(): void {
    const [next] = this.#travelling;
    if (next === undefined) {
      if (this.#hasEnded) this.#to.end();
      return;
    }
    const wait = next.arrivesAt - performance.now();
    if (wait <= 0 && this.#timer === null) this.#deliver();
    else this.#timer ??= setTimeout(() => this.#deliver(), wait);
  }

  #deliver(): void {
    this.#timer = null;
    const now = performance.now();
    while ((this.#travelling[0]?.arrivesAt ?? Number.POSITIVE_INFINITY) <= now + 0.5) {
      const arrived = this.#travelling.shift();
      if (arrived !== undefined && !this.#to.destroyed) this.#to.write(arrived.bytes);
    }
    this.#schedule();
  }
}

export class Shaper {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #profile: Profile = PROFILES.P0;
  /** When the shared line has sent what it has. */
  #lineFreeAt = 0;
  #cuts: NodeJS.Timeout | undefined;

  /** @param targetPort of the server on this machine. */
  constructor(targetPort: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (browser) => this.#join(browser, targetPort));
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** For connections from now on; those that are open are cut. */
  use(profile: Profile): void {
    this.#profile = profile;
    this.#lineFreeAt = 0;
    this.#cut();
    clearInterval(this.#cuts);
    const { cutEveryMs } = profile;
    if (cutEveryMs !== undefined) this.#cuts = setInterval(() => this.#cut(), cutEveryMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#cuts);
    this.#server.close();
    this.#cut();
  }

  /** What a connection had in the air is lost, and the line is free of it at once. */
  #cut(): void {
    this.#lineFreeAt = Math.min(this.#lineFreeAt, performance.now());
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(browser: Socket, targetPort: number): void {
    const server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const lanes = { up: new Lane(server), down: new Lane(browser) };
    this.#carryUp(browser, lanes.up);
    this.#carryDown(server, lanes.down);
    for (const socket of [browser, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (!browser.readableEnded || !server.readableEnded) {
          browser.destroy();
          server.destroy();
          lanes.up.stop();
          lanes.down.stop();
        }
      });
    }
  }

  #carryUp(from: Socket, lane: Lane): void {
    const { linkRate, connectionRate, rttMs } = this.#profile;
    // The handshake of a real connection has gone there and back before its first byte leaves.
    let freeAt = performance.now() + rttMs;
    from.on('data', (bytes: Buffer) => {
      const now = performance.now();
      this.#lineFreeAt = Math.max(this.#lineFreeAt, now) + (bytes.length / linkRate) * 1000;
      freeAt = Math.max(this.#lineFreeAt, Math.max(freeAt, now) + (bytes.length / connectionRate) * 1000);
      lane.add({ bytes, arrivesAt: freeAt + rttMs / 2 });
      const ahead = freeAt - now;
      if (ahead <= QUEUE_MS) return;
      from.pause();
      setTimeout(() => from.resume(), ahead - QUEUE_MS);
    });
    from.on('end', () => lane.end());
  }

  #carryDown(from: Socket, lane: Lane): void {
    const { rttMs } = this.#profile;
    from.on('data', (bytes: Buffer) => lane.add({ bytes, arrivesAt: performance.now() + rttMs / 2 }));
    from.on('end', () => lane.end());
  }
}
