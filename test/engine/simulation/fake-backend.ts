/**
 * A gateway and its storage in memory, behind a network that breaks as told: request number n suffers fault number n.
 * It speaks `presigned`, `confirm`, `chunked` and capabilities, and notes what a client must never do.
 */

import { isObject, type JsonObject } from '../../../src/lib/json.js';
import { UploadError } from '../../../src/ports/errors.js';
import type { Receipt } from '../../../src/ports/protocol.js';
import type {
  ControlRequest,
  DataRequest,
  SendOptions,
  Transport,
  WireResponse,
} from '../../../src/ports/transport.js';
import type { FakeClock } from '../../support/fake-clock.js';
import type { FakeConnectivity } from '../../support/fake-ports.js';
import { type Answer, wireResponse } from '../../support/scripted-transport.js';
import { type FakeLine, travel } from './fake-line.js';

export const FAULTS = [
  'none',
  /** The request never arrives. */
  'refused',
  /** The request is carried out and its answer is lost. */
  'swallowed',
  /** Nothing is carried out and no answer comes. */
  'silent',
  'status-500',
  'status-503-wait',
  'status-429',
  /** The storage refuses the grant. */
  'grant-refused',
  /** The server forgets every session. */
  'amnesia',
  /** The server loses one part, and says so when it is asked to complete. */
  'part-lost',
  /** The answer is cut short. */
  'cut',
] as const;

export type Fault = (typeof FAULTS)[number];

export interface FakeBackendOptions {
  readonly clock: FakeClock;
  readonly connectivity: FakeConnectivity;
  readonly faults: readonly Fault[];
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Bytes; null where parts may have any size. */
  readonly partSize: number | null;
  readonly canInspect: boolean;
  readonly mintBatch: number;
  /** Files above this many bytes go in parts. */
  readonly chunkedAbove: number;
}

interface FakeSession {
  readonly name: string;
  readonly size: number;
  readonly parts: Map<number, Uint8Array>;
  /** Parts whose receipt the engine has told of. */
  readonly confirmed: Set<number>;
  fileId: string | null;
}

const APP = 'https://app.test';
const STORAGE = 'https://storage.test';
const SILENCE_MS = 30_000;

export class FakeBackend implements Transport {
  readonly endpoint = `${APP}/uploads`;
  /** Stored files by id. */
  readonly objects = new Map<string, { readonly name: string; readonly bytes: Uint8Array }>();
  readonly confirmedFiles = new Set<string>();
  /** Broken promises, in words. */
  readonly violations: string[] = [];
  /** What bodies of files pass; null where it takes no time and holds. */
  line: FakeLine | null = null;
  readonly #options: FakeBackendOptions;
  readonly #sessions = new Map<string, FakeSession>();
  readonly #grants = new Map<string, { readonly name: string; readonly fileId: string }>();
  readonly #faults: Iterator<Fault>;
  #counter = 0;
  #dataInFlight = 0;
  mostInFlight = 0;
  requests = 0;

  constructor(options: FakeBackendOptions) {
    this.#options = options;
    this.#faults = options.faults.values();
  }

  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse> {
    return this.#exchange(request.url, options.signal, async () => this.#route(request));
  }

  async send(request: DataRequest, options: SendOptions): Promise<WireResponse> {
    this.#dataInFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#dataInFlight);
    const body = request.body instanceof Blob ? request.body : new Blob();
    try {
      if (this.#options.random() < 0.5) options.onProgress?.(Math.floor(body.size / 2));
      const { clock } = this.#options;
      const { signal } = options;
      if (this.line) await travel(this.line, { bytes: body.size, inFlight: this.#dataInFlight, clock, signal });
      return await this.#exchange(request.url, options.signal, async () => this.#store(request, await bytesIn(body)));
    } finally {
      this.#dataInFlight -= 1;
    }
  }

  /** The engine says that it has the receipt; it binds nothing once the part is lost. */
  partConfirmed(name: string, part: number): void {
    for (const session of this.#sessions.values()) {
      if (session.name === name && session.parts.has(part)) session.confirmed.add(part);
    }
  }

  /**
   * A client that cannot ask the server may forget what it wrote down last when it dies.
   * @param isRecorded whether what the client could write down lets the next one know the part.
   */
  clientDied(isRecorded: (name: string, part: Receipt) => boolean): void {
    for (const { name, parts, confirmed } of this.#sessions.values()) {
      for (const number of confirmed) {
        const size = parts.get(number)?.byteLength ?? 0;
        if (!this.#options.canInspect || !isRecorded(name, { number, size })) confirmed.delete(number);
      }
    }
  }

  files(isWanted: (name: string) => boolean): Uint8Array[] {
    return [...this.objects.values()].filter(({ name }) => isWanted(name)).map(({ bytes }) => bytes);
  }

  async #exchange(url: string, signal: AbortSignal, act: () => Promise<Answer>): Promise<WireResponse> {
    signal.throwIfAborted();
    this.requests += 1;
    const { clock, connectivity, random } = this.#options;
    const fault = this.#faults.next().value ?? 'none';
    if (!connectivity.online) throw noAnswer();
    const isCarriedOutAnyway = random() < 0.5;
    try {
      await clock.delay(Math.floor(random() * 200), { signal });
    } catch (reason) {
      // The client left; the request may have arrived all the same.
      if (isCarriedOutAnyway) await act();
      throw reason;
    }
    const answer = await this.#suffer(fault, signal, act);
    await clock.delay(Math.floor(random() * 50), { signal });
    return wireResponse(url, answer);
  }

  async #suffer(fault: Fault, signal: AbortSignal, act: () => Promise<Answer>): Promise<Answer> {
    switch (fault) {
      case 'refused':
        throw noAnswer();
      case 'swallowed':
        await act();
        throw noAnswer();
      case 'silent':
        await this.#options.clock.delay(SILENCE_MS, { signal });
        throw new UploadError('timeout', 'no answer in time');
      case 'status-500':
        return { status: 500 };
      case 'status-503-wait':
        return { status: 503, headers: { 'Retry-After': '2' } };
      case 'status-429':
        return { status: 429, headers: { 'Retry-After': '3' } };
      case 'amnesia':
        this.#sessions.clear();
        return act();
      case 'part-lost': {
        for (const { parts, confirmed } of this.#sessions.values()) {
          const [first] = parts.keys();
          if (first !== undefined && parts.delete(first)) confirmed.delete(first);
        }
        return act();
      }
      case 'cut': {
        const { text, json, ...answer } = await act();
        return { ...answer, text: (text ?? JSON.stringify(json ?? null)).slice(0, -1) };
      }
      case 'grant-refused':
        this.#grants.clear();
        return act();
      default:
        return act();
    }
  }

  #route({ method, url, json }: ControlRequest): Answer {
    const path = new URL(url).pathname.replace('/uploads', '');
    const body = isObject(json) ? json : {};
    if (method === 'GET' && path === '') return this.#capabilities();
    if (path === '/presigned') return this.#mint(body);
    if (path === '/confirm') return this.#confirm(body);
    if (path === '/chunked/init') return this.#init(body);
    const [, id = '', action = ''] = /^\/chunked\/([^/]+)(\/complete)?$/.exec(path) ?? [];
    if (method === 'DELETE') return this.#sessions.delete(id) ? { status: 204 } : { status: 404 };
    return method === 'GET' ? this.#inspect(id) : action === '' ? { status: 404 } : this.#complete(id, body);
  }

  #capabilities(): Answer {
    const { chunkedAbove, mintBatch } = this.#options;
    const urls = { presigned: '/uploads/presigned', confirm: '/uploads/confirm', chunked: '/uploads/chunked' };
    return { json: { version: 1, protocols: ['presigned', 'chunked'], urls, chunkedAbove, mintBatch, limits: {} } };
  }

  #mint(body: JsonObject): Answer {
    if (Array.isArray(body.files)) return { json: { grants: body.files.map((file) => this.#grant(file)) } };
    return { json: this.#grant(body) };
  }

  #grant(file: unknown): unknown {
    const name = isObject(file) ? String(file.filename) : '';
    const fileId = this.#id('file');
    const token = this.#id('grant');
    this.#grants.set(token, { name, fileId });
    return { uploadUrl: `${STORAGE}/${token}`, fileId };
  }

  #confirm({ fileId }: JsonObject): Answer {
    if (!this.objects.has(String(fileId))) this.violations.push('a file was confirmed that is not stored');
    this.confirmedFiles.add(String(fileId));
    return { json: { ok: true } };
  }

  #init({ filename, total_size: size }: JsonObject): Answer {
    const id = this.#id('session');
    const session = { name: String(filename), size: Number(size), parts: new Map(), confirmed: new Set<number>() };
    this.#sessions.set(id, { ...session, fileId: null });
    const { partSize } = this.#options;
    return { json: { upload_id: id, ...(partSize !== null && { part_size: partSize }) } };
  }

  #inspect(id: string): Answer {
    if (!this.#options.canInspect) return { status: 405 };
    const session = this.#sessions.get(id);
    if (session === undefined) return { status: 404 };
    const parts = Array.from(session.parts, ([number, { byteLength: size }]) => ({
      part_number: number,
      size,
      etag: etagOf(number),
    }));
    return { json: { upload_id: id, total_size: session.size, parts } };
  }

  #complete(id: string, body: JsonObject): Answer {
    const session = this.#sessions.get(id);
    if (session === undefined) return { status: 404 };
    if (session.fileId !== null) return { json: { file_id: session.fileId } };
    const manifest = Array.isArray(body.parts) ? body.parts.filter(isObject) : [];
    const numbers = manifest.map(({ part_number: number }) => Number(number));
    const chunks = numbers.map((number) => session.parts.get(number));
    const size = chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0);
    const isOrdered = numbers.every((number, index) => number === index + 1);
    if (!isOrdered) this.violations.push('a manifest was out of order or had gaps');
    if (chunks.includes(undefined) || size !== session.size) return { status: 409 };
    session.fileId = this.#id('file');
    this.objects.set(session.fileId, {
      name: session.name,
      bytes: Buffer.concat(chunks.filter((chunk) => chunk !== undefined)),
    });
    return { json: { file_id: session.fileId } };
  }

  #store({ url, headers }: DataRequest, bytes: Uint8Array): Answer {
    const { pathname, origin } = new URL(url);
    if (origin === STORAGE) {
      const grant = this.#grants.get(pathname.slice(1));
      if (grant === undefined) return { status: 403 };
      this.objects.set(grant.fileId, { name: grant.name, bytes });
      return { status: 200, headers: { ETag: '"whole"' } };
    }
    const session = this.#sessions.get(pathname.split('/')[3] ?? '');
    if (session === undefined) return { status: 404 };
    const number = Number(headers['Fastio-Part-Number']);
    if (session.confirmed.has(number) && session.parts.has(number))
      this.violations.push(`part ${number} of ${session.name} was sent again`);
    session.parts.set(number, bytes);
    return { status: 200, headers: { ETag: `"${etagOf(number)}"` } };
  }

  #id(kind: string): string {
    this.#counter += 1;
    return `${kind}-${this.#counter}`;
  }
}

const etagOf = (number: number): string => `etag-${number}`;
const noAnswer = (): UploadError => new UploadError('network', 'no answer');
/** Browsers report a file that cannot be read as a network that does not answer. */
const bytesIn = async (body: Blob): Promise<Uint8Array> => {
  const bytes = await body.arrayBuffer().catch(() => {
    throw noAnswer();
  });
  return new Uint8Array(bytes);
};
