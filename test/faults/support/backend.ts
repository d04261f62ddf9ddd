/** Storage and gateway of a scenario on one port, with a clock that can be moved and a way to die and come back. */

import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { StoredFile } from '../../../src/emulator/disk/object-store.js';
import type { FaultRule } from '../../../src/emulator/faults/fault-script.js';
import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import {
  createEmulator,
  type EmulatorOptions,
  type MountedEmulator,
  type WebhookDelivery,
  type WebhookOptions,
} from '../../../src/emulator/index.js';
import { createUploadHandler, createWebhookHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { createEmulatedMultipart, readSignedPart } from './emulated-multipart.js';

export const API_KEY = 'key-of-the-laboratory';
const TICKET_SECRET = 'a ticket secret of the laboratory, long enough';
const WEBHOOK_SECRET = 'a webhook secret of the laboratory, long enough';
const WEBHOOK_PATH = '/webhooks';
/** On the loopback interface by its name, because the gateway takes grants for local storage from no other. */
const UPSTREAM = 'http://upstream.localhost';

/** The application hears that a file is stored. */
export interface Told {
  readonly by: 'gateway' | 'webhook';
  readonly fileId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface BackendOptions {
  readonly dataDir: string;
  /** Origin that grants name, and that the browser calls. */
  readonly publicOrigin: () => string;
  /** Origin of the page. */
  readonly pageOrigin: string;
  readonly emulator?: EmulatorOptions;
  readonly gateway?: Partial<UploadHandlerOptions>;
  /** The gateway offers parts by signed URLs, and nothing else. @default false */
  readonly multipart?: boolean;
  /** The storage tells of each file that it stored. @default it does not */
  readonly webhooks?: Omit<WebhookOptions, 'url' | 'secrets'>;
}

/** From one start to the next. */
interface Life {
  readonly server: Server;
  readonly emulator: MountedEmulator;
}

export class Backend {
  /** Milliseconds by which its clock is ahead of ours. */
  clockShiftMs = 0;
  /** Who is signed in at the gateway; null when no user is. */
  userId: string | null = 'ada';
  /** What the application heard, in order. */
  readonly told: Told[] = [];
  /** So many webhooks more are answered as by an application that is down. */
  webhooksRefused = 0;
  readonly #storedFiles = new Set<string>();
  readonly #options: BackendOptions;
  readonly #earlier: LogEntry[] = [];
  #gateway: Partial<UploadHandlerOptions>;
  #life: Life | null = null;
  #port = 0;

  private constructor(options: BackendOptions) {
    this.#options = options;
    this.#gateway = options.gateway ?? {};
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
    return this.#alive.emulator.files();
  }

  /** Requests seen in all its lives. */
  log(): readonly LogEntry[] {
    return [...this.#earlier, ...this.#alive.emulator.log()];
  }

  /** Attempts of the storage to tell of files. */
  deliveries(): readonly WebhookDelivery[] {
    return this.#alive.emulator.webhooks();
  }

  faults(...rules: readonly FaultRule[]): void {
    this.#alive.emulator.faults(rules);
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
    this.#earlier.push(...this.#alive.emulator.log());
    await this.close();
    await whileDead();
    this.#gateway = gateway;
    await this.#listen();
  }

  async close(): Promise<void> {
    const { server, emulator } = this.#alive;
    server.closeAllConnections();
    server.close();
    await emulator.close();
  }

  get #alive(): Life {
    if (this.#life === null) throw new Error('the backend was not started');
    return this.#life;
  }

  #tell(by: Told['by'], fileId: string): void {
    this.told.push({ by, fileId, at: Date.now() });
  }

  #createEmulator(): MountedEmulator {
    const { dataDir, publicOrigin, emulator: options, webhooks } = this.#options;
    return createEmulator({
      apiKey: API_KEY,
      publicOrigin,
      now: () => Date.now() + this.clockShiftMs,
      ...options,
      parts: { minPartSize: 1, ...options?.parts },
      ...(webhooks && {
        webhooks: { url: `http://127.0.0.1:${this.#port}${WEBHOOK_PATH}`, secrets: [WEBHOOK_SECRET], ...webhooks },
      }),
      dataDir,
    });
  }

  /** Outlives the gateway, as a storage does. */
  readonly #multipart = createEmulatedMultipart({
    apiKey: API_KEY,
    origin: () => `http://127.0.0.1:${this.#port}`,
    publicOrigin: () => this.#options.publicOrigin(),
    files: () => this.files(),
  });

  #createGateway() {
    return toNodeListener(
      createUploadHandler({
        apiKey: API_KEY,
        workspaceId: 'lab',
        ticketSecret: TICKET_SECRET,
        allowedOrigins: [this.#options.pageOrigin],
        authorize: () => (this.userId === null ? null : { userId: this.userId }),
        fetch: (url, init) => fetch(`http://127.0.0.1:${this.#port}${url.replace(UPSTREAM, '')}`, init),
        upstream: UPSTREAM,
        protocols: ['presigned', 'chunked'],
        onStored: ({ fileId }) => this.#tell('gateway', fileId),
        storedFiles: this.#storedFiles,
        ...(this.#options.multipart && { storage: () => ({ multipart: this.#multipart }), protocols: ['multipart'] }),
        ...this.#gateway,
      }),
    );
  }

  #createReceiver() {
    return toNodeListener(
      createWebhookHandler({
        secrets: [WEBHOOK_SECRET],
        storedFiles: this.#storedFiles,
        onEvent: () => {
          if (this.webhooksRefused === 0) return;
          this.webhooksRefused -= 1;
          throw new Error('the application is down');
        },
        onStored: ({ fileId }) => this.#tell('webhook', fileId),
      }),
    );
  }

  /** At the same port in each life; what is built needs to know it. */
  async #listen(): Promise<void> {
    const server = createServer((request, response) => listener(request, response));
    let listener: RequestListener = (_, response) => response.writeHead(503).end();
    server.requestTimeout = 0;
    server.keepAliveTimeout = 75_000;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    const [emulator, gateway, receiver] = [this.#createEmulator(), this.#createGateway(), this.#createReceiver()];
    listener = (request, response) => {
      readSignedPart(request, API_KEY);
      if (request.url === WEBHOOK_PATH) receiver(request, response);
      else if (!emulator.listener(request, response)) gateway(request, response);
    };
    this.#life = { server, emulator };
  }
}
