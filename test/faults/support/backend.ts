/** Storage and gateway of a scenario on one port, with a clock that can be moved and a way to die and come back. */

import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { StoredFile } from '../../../src/emulator/disk/object-store.js';
import type { FaultRule } from '../../../src/emulator/faults/fault-script.js';
import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import { createEmulator, type EmulatorOptions, type MountedEmulator } from '../../../src/emulator/index.js';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';

export const API_KEY = 'key-of-the-laboratory';
const TICKET_SECRET = 'a ticket secret of the laboratory, long enough';

export interface BackendOptions {
  readonly dataDir: string;
  /** Origin that grants name, and that the browser calls. */
  readonly publicOrigin: () => string;
  /** Origin of the page. */
  readonly pageOrigin: string;
  readonly emulator?: EmulatorOptions;
  readonly gateway?: Partial<UploadHandlerOptions>;
}

export class Backend {
  /** Milliseconds by which its clock is ahead of ours. */
  clockShiftMs = 0;
  /** Who is signed in at the gateway; null is nobody. */
  userId: string | null = 'ada';
  readonly #options: BackendOptions;
  readonly #earlier: LogEntry[] = [];
  #gateway: Partial<UploadHandlerOptions>;
  #emulator: MountedEmulator;
  #server: Server;
  #port = 0;

  private constructor(options: BackendOptions) {
    this.#options = options;
    this.#gateway = options.gateway ?? {};
    [this.#emulator, this.#server] = this.#create();
  }

  static async start(options: BackendOptions): Promise<Backend> {
    const backend = new Backend(options);
    await backend.#listen();
    return backend;
  }

  get port(): number {
    return this.#port;
  }

  files(): readonly StoredFile[] {
    return this.#emulator.files();
  }

  /** Requests seen in all its lives. */
  log(): readonly LogEntry[] {
    return [...this.#earlier, ...this.#emulator.log()];
  }

  faults(...rules: readonly FaultRule[]): void {
    this.#emulator.faults(rules);
  }

  /** Folders of sessions that became no file. */
  async openSessions(): Promise<readonly string[]> {
    const root = join(this.#options.dataDir, 'sessions');
    const folders = (await readdir(root).catch(() => [])).map((name) => join(root, name));
    const isOpen = async (folder: string): Promise<boolean> => {
      const text = await readFile(join(folder, 'session.json'), 'utf8').catch(() => null);
      return text !== null && (JSON.parse(text) as { readonly completion: unknown }).completion === null;
    };
    const open = await Promise.all(folders.map(isOpen));
    return folders.filter((_, index) => open[index]);
  }

  /** Dies, and comes back with what its disk holds. `whileDead` may touch that. */
  async restart(whileDead: () => Promise<void> = async () => {}, gateway = this.#gateway): Promise<void> {
    this.#earlier.push(...this.#emulator.log());
    await this.close();
    await whileDead();
    this.#gateway = gateway;
    [this.#emulator, this.#server] = this.#create();
    await this.#listen();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#emulator.close();
  }

  #create(): [MountedEmulator, Server] {
    const { dataDir, publicOrigin, pageOrigin, emulator: options } = this.#options;
    const emulator = createEmulator({
      apiKey: API_KEY,
      publicOrigin,
      now: () => Date.now() + this.clockShiftMs,
      ...options,
      parts: { minPartSize: 1, ...options?.parts },
      dataDir,
    });
    const gateway = toNodeListener(
      createUploadHandler({
        apiKey: API_KEY,
        workspaceId: 'lab',
        ticketSecret: TICKET_SECRET,
        allowedOrigins: [pageOrigin],
        authorize: () => (this.userId === null ? null : { userId: this.userId }),
        fetch: (url, init) => fetch(`http://127.0.0.1:${this.#port}${url.replace('http://upstream', '')}`, init),
        upstream: 'http://upstream',
        protocols: ['presigned', 'chunked'],
        ...this.#gateway,
      }),
    );
    const server = createServer((request, response) => {
      if (!emulator.listener(request, response)) gateway(request, response);
    });
    server.requestTimeout = 0;
    server.keepAliveTimeout = 75_000;
    return [emulator, server];
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }
}
