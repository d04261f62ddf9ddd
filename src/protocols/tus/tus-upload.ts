/** An upload on a tus server: created once, then appended to at its offset. */

import { UploadError } from '../../ports/errors.js';
import type { CallOptions, PartOptions, UploadFacts } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { parseInstant } from '../../wire/headers.js';
import type { Backend } from '../shared/backend.js';
import { type TusContext, toBase64, VERSION } from './tus-server.js';

type Headers = Readonly<Record<string, string>>;

const BYTES: Headers = { ...VERSION, 'Content-Type': 'application/offset+octet-stream' };

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** The offset differs, or an earlier request still locks the upload; both are temporary. */
const BUSY: ReadonlySet<number> = new Set([409, 423]);
const CHECKSUM_MISMATCH = 460;

export interface PartBody extends Pick<PartOptions, 'signal' | 'onProgress'> {
  readonly body: Blob;
}

/** The names that tus-js-client sends, then the page's metadata; keys with a space or a comma are left out. */
export const metadataOf = ({ name, type, relativePath, metadata }: UploadFacts): string => {
  const path = relativePath === name ? {} : { relativePath };
  return Object.entries({ filename: name, filetype: type, ...path, ...metadata })
    .filter(([key]) => /^[!-+\--~]+$/.test(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    .map(([key, value = '']) => `${key} ${toBase64(new TextEncoder().encode(value))}`)
    .join(',');
};

export const aboutOf = (facts: UploadFacts): Headers => ({
  'Upload-Length': String(facts.size),
  'Upload-Metadata': metadataOf(facts),
});

export class TusUpload {
  readonly #context: TusContext;
  readonly #about: Headers;
  #url: string | null;
  /** Null while unknown, as after a request that failed. */
  #offset: number | null = null;
  expiresAt: number | null = null;
  /** Bytes of the whole upload, as the server reported them; null while unknown. */
  length: number | null = null;

  /** `about` are the headers of the creation request. */
  constructor(context: TusContext, about: Headers, url: string | null = null) {
    this.#context = context;
    this.#about = about;
    this.#url = url;
  }

  get url(): string | null {
    return this.#url;
  }

  /** Path below the endpoint; null where the URL is elsewhere, or not created yet. */
  get path(): string | null {
    const below = `${this.#context.backend.url('')}`;
    return this.#url?.startsWith(below) === true ? this.#url.slice(below.length) : null;
  }

  /** Creates the upload, with `data` as its first bytes, and returns its URL. */
  async create({ signal }: CallOptions, data?: PartBody): Promise<string> {
    const { backend } = this.#context;
    const request = { method: 'POST', url: backend.endpoint } as const;
    const about = this.#about;
    const response =
      data === undefined
        ? await backend.ask({ ...request, headers: { ...VERSION, ...about } }, { signal })
        : await backend.askWithBytes({ ...request, headers: { ...BYTES, ...about }, body: data.body }, data);
    const location = backend.expectOk(response).header('location');
    if (location === null) throw unreadable('Location');
    this.#url = this.#resolved(location);
    if (this.path === null) this.#context.onElsewhere(new URL(this.#url).origin);
    this.#note(response, data === undefined ? 0 : null);
    return this.#url;
  }

  /** Bytes that the server has. @throws UploadError `session-lost` */
  async offset({ signal }: CallOptions): Promise<number> {
    if (this.#offset !== null) return this.#offset;
    if (this.#url === null) return 0;
    const response = await this.#ask('HEAD', this.#url, { signal });
    expectKnown(response);
    this.#note(this.#context.backend.expectOk(response), null);
    if (this.#offset === null) throw unreadable('Upload-Offset');
    return this.#offset;
  }

  /** Sends what the server lacks of `data`, which begins at `start`; returns the new offset. */
  async append(start: number, data: PartBody): Promise<number> {
    const { body, signal, onProgress } = data;
    let offset = await this.offset({ signal });
    if (offset < start) throw new UploadError('session-lost', 'the server has lost bytes that it had');
    while (offset < start + body.size) {
      const done = offset - start;
      const rest = body.slice(done);
      offset = await this.#patch(offset, { body: rest, signal, onProgress: (sent) => onProgress(done + sent) });
    }
    return offset;
  }

  async terminate({ signal }: CallOptions): Promise<void> {
    const { server } = this.#context;
    if (this.#url !== null && server.extensions.has('termination')) await this.#ask('DELETE', this.#url, { signal });
  }

  async #patch(offset: number, data: PartBody): Promise<number> {
    if (this.#url === null) {
      await this.create(data, data);
      return this.offset(data);
    }
    const url = this.#url;
    const checksum = await this.#checksumOf(data.body);
    const headers = { ...BYTES, 'Upload-Offset': String(offset), ...checksum };
    const request = { method: 'PATCH', url, headers, body: data.body } as const;
    // Unknown until the request is answered.
    this.#offset = null;
    const response = await this.#send(request, data);
    const { status } = response;
    expectKnown(response);
    if (BUSY.has(status)) {
      throw new UploadError('http', `the upload is in use (${status})`, { status, retriable: true });
    }
    if (status === CHECKSUM_MISMATCH) {
      throw new UploadError('checksum-mismatch', 'the bytes arrived corrupted', {
        status,
        retriable: true,
      });
    }
    this.#note(this.#context.backend.expectOk(response), null);
    if (this.#offset === null) throw unreadable('Upload-Offset');
    return this.#offset;
  }

  /** On the endpoint's host the endpoint's scheme is used, because servers behind a proxy may return `http:`. */
  #resolved(location: string): string {
    const { backend } = this.#context;
    const endpoint = new URL(backend.endpoint);
    const url = URL.canParse(location, endpoint) ? new URL(location, endpoint) : null;
    if (url?.host === endpoint.host) url.protocol = endpoint.protocol;
    return backend.storageUrl(url?.href ?? location);
  }

  #isOwn(url: string): boolean {
    return new URL(url).origin === this.#context.backend.origin;
  }

  /** Headers and cookies of the page go to the origin of the endpoint only. */
  #ask(method: 'HEAD' | 'DELETE', url: string, options: CallOptions): Promise<WireResponse> {
    const { backend } = this.#context;
    const call = { method, url, headers: VERSION, keepalive: method === 'DELETE' };
    return this.#isOwn(url) ? backend.ask(call, options) : backend.askStorage(call, options);
  }

  #send(request: Parameters<Backend['sendToStorage']>[0], data: PartBody): Promise<WireResponse> {
    const { backend } = this.#context;
    return this.#isOwn(request.url) ? backend.askWithBytes(request, data) : backend.sendToStorage(request, data);
  }

  #note(response: WireResponse, offset: number | null): void {
    const value = response.header('upload-offset');
    this.#offset = value === null || !/^\d+$/.test(value) ? offset : Number(value);
    const length = response.header('upload-length');
    if (length !== null) this.length = Number(length);
    this.expiresAt = parseInstant(response.header('upload-expires') ?? undefined) ?? this.expiresAt;
  }

  async #checksumOf(body: Blob): Promise<Headers> {
    const { checksum } = this.#context.server;
    if (checksum === null) return {};
    const bytes = await body.arrayBuffer().catch((cause: unknown) => {
      throw new UploadError('network', 'the file could not be read', { cause });
    });
    const digest = await crypto.subtle.digest(checksum === 'sha1' ? 'SHA-1' : 'SHA-256', bytes);
    return { 'Upload-Checksum': `${checksum} ${toBase64(new Uint8Array(digest))}` };
  }
}

const expectKnown = ({ status }: WireResponse): void => {
  if (GONE.has(status)) throw new UploadError('session-lost', 'the server no longer knows the upload', { status });
};

const unreadable = (name: string): UploadError =>
  new UploadError('protocol', `the answer has no readable ${name}: send Access-Control-Expose-Headers: ${name}`);
