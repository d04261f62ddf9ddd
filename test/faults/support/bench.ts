/** Everything that one scenario works with: backend, bad line, files, pages, and what was recorded of them. */

import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import type { UploadErrorInfo } from '../../../src/preset.js';
import { type MadeFile, MadeFiles } from '../../e2e/support/made-files.js';
import { BROWSER, HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { CannotRun } from '../../support/browsers/cannot-run.js';
import type { Visitor } from '../../support/browsers/tab-driver.js';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import { API_KEY, Backend, type BackendOptions } from './backend.js';
import { HttpRelay } from './http-relay.js';
import type { LabConfig, LabEvent } from './lab-config.js';
import { type LabServer, urlOf } from './lab-server.js';
import { LabTab } from './lab-tab.js';
import { isData } from './oracle.js';
import { endsOf, PATIENCE_MS, Recorder } from './recorder.js';
import { TcpProxy } from './tcp-proxy.js';
import { TlsFront } from './tls-front.js';

export const KIB = 1024;
export const MIB = 1024 * KIB;
/** Of a part, unless the scenario says otherwise. */
export const PART = 64 * KIB;

const DIES_OF_HTTP2 = 'the network process of WebKitGTK dies of uploads over HTTP/2, and with it all it knows of files';

/** Patience of pages whose faults are silent. */
export const IMPATIENT = { stallMs: 4_000, responseMs: 4_000, controlMs: 5_000 } as const;

export interface BenchOptions {
  /** `chunked` speaks to the storage itself, `gateway` the same dialect through the gateway, and the others to the latter. */
  readonly via?: 'chunked' | 'presigned' | 'gateway' | 'auto' | 'fastio' | 'multipart';
  readonly attributes?: Readonly<Record<string, string>>;
  readonly timeouts?: LabConfig['timeouts'];
  readonly clockRate?: number;
  readonly backend?: Pick<BackendOptions, 'emulator' | 'gateway' | 'webhooks'>;
  readonly beforeScripts?: readonly string[];
  /** The endpoint speaks TLS and HTTP/2. @default false */
  readonly tls?: boolean;
  /** Page and endpoint have one origin. @default false */
  readonly sameOrigin?: boolean;
}

const PATHS = {
  chunked: '/v1/uploads/chunked',
  presigned: '/api/uploads/presigned',
  gateway: '/api/uploads/chunked',
  auto: '/api/uploads',
  fastio: '/api/uploads/current',
  multipart: '/api/uploads/multipart',
} as const;

const PROTOCOLS = {
  chunked: 'chunked',
  presigned: 'presigned',
  gateway: 'chunked',
  auto: 'auto',
  fastio: 'fastio',
  multipart: 'multipart',
} as const;

const FASTIO_GATEWAY = { protocols: ['fastio'] } as const;

export class Bench {
  readonly recorder = new Recorder();
  readonly backend: Backend;
  readonly proxy: TcpProxy;
  readonly relay: HttpRelay;
  readonly files: MadeFiles;
  /** Before the relay, with `tls` only. */
  readonly front: TlsFront | null;
  readonly #server: LabServer;
  readonly #options: BenchOptions;
  readonly #dataDir: string;
  readonly #reportTo: string | null;
  readonly #visitor: () => Promise<Visitor>;
  readonly #tabs: LabTab[] = [];
  readonly #figures: string[] = [];
  readonly #cleanUps: (() => Promise<void>)[] = [];
  #context: Promise<Visitor> | null = null;

  private constructor(
    parts: Pick<Bench, 'backend' | 'proxy' | 'relay' | 'files' | 'front'>,
    rest: { server: LabServer; options: BenchOptions; dataDir: string; visitor: () => Promise<Visitor> },
  ) {
    this.backend = parts.backend;
    this.proxy = parts.proxy;
    this.relay = parts.relay;
    this.files = parts.files;
    this.front = parts.front;
    this.#server = rest.server;
    this.#options = rest.options;
    this.#dataDir = rest.dataDir;
    this.#visitor = rest.visitor;
    this.#reportTo = HAS_DEVTOOLS ? null : rest.server.listenFor((post) => this.recorder.hear(post));
  }

  /** @param visitor makes storage and tabs of a user of its own, once a tab is opened. */
  static async start(server: LabServer, visitor: () => Promise<Visitor>, options: BenchOptions = {}): Promise<Bench> {
    if (options.tls === true && BROWSER === 'webkit') throw new CannotRun(DIES_OF_HTTP2);
    const [dataDir, files] = await Promise.all([makeScratchFolder('lab'), MadeFiles.begin()]);
    const publicOrigin = (): string => `${options.tls ? 'https' : 'http'}://127.0.0.1:${proxy.port}`;
    const backend = await Backend.start({
      dataDir,
      publicOrigin,
      pageOrigin: server.origin,
      multipart: options.via === 'multipart',
      ...options.backend,
      gateway: { ...(options.via === 'fastio' && FASTIO_GATEWAY), ...options.backend?.gateway },
    });
    const relay = await HttpRelay.start(() => backend.port, Number(new URL(server.origin).port));
    const front = options.tls ? await TlsFront.start(() => relay.port) : null;
    const proxy = new TcpProxy(() => (front ?? relay).port);
    await proxy.listen();
    return new Bench({ backend, proxy, relay, files, front }, { server, options, dataDir, visitor });
  }

  /** Hosts that pages may speak to. */
  get hosts(): readonly string[] {
    return [new URL(this.#server.origin).host, `127.0.0.1:${this.proxy.port}`];
  }

  get pageOrigin(): string {
    return this.#options.sameOrigin ? this.#endpointOrigin : this.#server.origin;
  }

  get #endpointOrigin(): string {
    return `${this.#options.tls ? 'https' : 'http'}://127.0.0.1:${this.proxy.port}`;
  }

  get openTabs(): readonly LabTab[] {
    return this.#tabs.filter(({ isOpen }) => isOpen);
  }

  /** Where a page of this scenario is. */
  url(attributes: Readonly<Record<string, string>> = {}): string {
    const { via = 'chunked', timeouts, clockRate, beforeScripts, attributes: own } = this.#options;
    const config = {
      attributes: {
        endpoint: `${this.#endpointOrigin}${PATHS[via]}`,
        protocol: PROTOCOLS[via],
        'workspace-id': 'lab',
        'part-size': String(PART),
        multiple: '',
        ...own,
        ...attributes,
      },
      ...(via === 'chunked' && { headers: { Authorization: `Bearer ${API_KEY}` } }),
      ...(timeouts && { timeouts }),
      ...(clockRate && { clockRate }),
      ...(this.#reportTo !== null && { reportTo: this.#reportTo }),
    };
    return urlOf(this.pageOrigin, config, beforeScripts);
  }

  /** A tab of this scenario's user. */
  async open(attributes: Readonly<Record<string, string>> = {}): Promise<LabTab> {
    this.#context ??= this.#visitor();
    const options = { recorder: this.recorder, url: this.url(attributes) };
    return this.adopt(await LabTab.open(await this.#context, options));
  }

  /** Counts a tab that was opened elsewhere, such as one of a browser of its own. */
  adopt(tab: LabTab): LabTab {
    this.#tabs.push(tab);
    return tab;
  }

  /** Opens a tab and chooses one file of random content. */
  async begin(size: number, name = 'file.bin'): Promise<{ readonly tab: LabTab; readonly file: MadeFile }> {
    const file = await this.files.make(name, size);
    const tab = await this.open();
    await tab.choose(file.path);
    return { tab, file };
  }

  /** Until so many uploads have ended, however. */
  async ended(count = 1, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.recorder.until(`${count} ends`, (events) => endsOf(events).size >= count, timeoutMs);
  }

  /** Until a page has heard of so many parts. */
  async parts(count: number, timeoutMs = PATIENCE_MS): Promise<void> {
    const isPart = ({ name }: { readonly name: string }) => name === 'part-complete';
    await this.recorder.until(`${count} parts`, (events) => events.filter(isPart).length >= count, timeoutMs);
  }

  /** Until some upload is in this state, now. */
  async state(state: string, reason: string | null = null, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.recorder.until(
      `${state} ${reason ?? ''}`,
      (events) => {
        const upload = events.findLast((event) => event.upload !== undefined)?.upload;
        return upload?.state === state && (reason === null || upload.reason === reason);
      },
      timeoutMs,
    );
  }

  /** Requests that carried bytes of files. */
  dataRequests(): readonly LogEntry[] {
    return this.backend.log().filter(isData);
  }

  requests(method: string, path: RegExp): readonly LogEntry[] {
    return this.backend.log().filter((entry) => entry.method === method && path.test(entry.path));
  }

  /** The error with which the only upload failed. */
  get failure(): UploadErrorInfo | undefined {
    return this.recorder.events.findLast(({ name }) => name === 'upload-failed')?.error;
  }

  /** Further attempts that were announced, in order. */
  get retries(): readonly LabEvent[] {
    return this.recorder.events.filter(({ name }) => name === 'upload-retry');
  }

  /** A figure for the table, which no test asserts. */
  report(figure: string): void {
    this.#figures.push(figure);
  }

  get figures(): string {
    return this.#figures.join(', ');
  }

  /** Done when the scenario is over. */
  onClose(cleanUp: () => Promise<void>): void {
    this.#cleanUps.push(cleanUp);
  }

  async close(): Promise<void> {
    await (await this.#context)?.close().catch(() => {});
    for (const cleanUp of this.#cleanUps.reverse()) await cleanUp().catch(() => {});
    await Promise.all([this.proxy.close(), this.front?.close(), this.relay.close(), this.backend.close()]);
    await Promise.all([this.files.close(), removeScratchFolder(this.#dataDir)]);
  }
}
