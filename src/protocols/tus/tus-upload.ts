/** An upload on a tus server: created once, then appended to at its offset. */

import { UploadError } from '../../ports/errors.js';
import type { CallOptions, PartOptions, UploadFacts } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { parseInstant } from '../../wire/headers.js';
import type { Backend } from '../shared/backend.js';
import { type TusContext, toBase64, VERSION } from './tus-server.js';

type Headers = Readonly<Record<string, string>>;

const BYTES: Headers = { ...VERSION, 'Content-Type': 'application/offset+octet-stream' };

const GONE: readonly number[] = [404, 410];
/** The offset differs, or an earlier request still locks the upload; both are temporary. */
const BUSY: readonly number[] = [409, 423];
const CHECKSUM_MISMATCH = 460;

export interface PartBody extends Pick<PartOptions, 'signal' | 'onProgress'> {
  readonly body: Blob;
}

/** The names that tus-js-client sends, then the page's metadata; keys with a space or a comma are left out. */
export const metadataOf = ({ name, type, relativePath, metadata }: UploadFacts): string => {
  const path = relativePath === name ? {} : { relativePath };
  return Object.entries({ filename: name, filetype: type, ...path, ...metadata })
    .filter(([key]) => /^[!-+\--~]+$/.test(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')] as const)
    .map(([key, text]) => `${key} ${toBase64(new TextEncoder().encode(text))}`)
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
    const below = this.#context.backend.url('');
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
    const url = this.#resolved(location);
    this.#url = url;
    // The URL cannot be kept for a reload; where the code of the warning does not load, it goes unsaid.
    if (this.path === null) import('./elsewhere.js').then((code) => code.warnElsewhere(backend, url)).catch(() => {});
    this.#note(response, data === undefined ? 0 : null);
    return url;
  }

  /** Bytes that the server has. @throws UploadError `session-lost` */
  async offset({ signal }: CallOptions): Promise<number> {
    if (this.#offset === null && this.#url !== null) await this.head(this.#url, { signal });
    return this.#offset ?? 0;
  }

  /** What the server reports of the upload. @throws UploadError `session-lost` */
  async head(url: string, options: CallOptions): Promise<WireResponse> {
    const response = await this.#ask('HEAD', url, options);
    this.#noteOffset(response);
    return response;
  }

  /** Sends what the server lacks of `data`, which begins at `start`; returns the new offset. */
  async append(start: number, data: PartBody): Promise<number> {
    const { body, signal, onProgress } = data;
    let offset = await this.offset({ signal });
    if (offset < start) throw new UploadError('session-lost', 'the server has lost bytes that it had');
    while (offset < start + body.size) {
      const done = offset - start;
      const rest = body.slice(done);
      await this.#patch(offset, { body: rest, signal, onProgress: (sent) => onProgress(done + sent) });
      offset = await this.offset({ signal });
    }
    return offset;
  }

  async terminate({ signal }: CallOptions): Promise<void> {
    const { server } = this.#context;
    if (this.#url !== null && server.extensions.has('termination')) await this.#ask('DELETE', this.#url, { signal });
  }

  async #patch(offset: number, data: PartBody): Promise<void> {
    const url = this.#url;
    if (url === null) {
      await this.create(data, data);
      return;
    }
    const checksum = await this.#context.server.checksum?.(data.body);
    const headers = { ...BYTES, 'Upload-Offset': String(offset), ...checksum };
    const request = { method: 'PATCH', url, headers, body: data.body } as const;
    // Unknown until the request is answered.
    this.#offset = null;
    const response = await this.#send(request, data);
    const { status } = response;
    if (BUSY.includes(status)) {
      throw new UploadError('http', `the upload is in use (${status})`, { status, retriable: true });
    }
    if (status === CHECKSUM_MISMATCH) {
      throw new UploadError('checksum-mismatch', 'the bytes arrived corrupted', { status, retriable: true });
    }
    this.#noteOffset(response);
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

  #noteOffset(response: WireResponse): void {
    const { status } = response;
    if (GONE.includes(status))
      throw new UploadError('session-lost', 'the server no longer knows the upload', { status });
    this.#note(this.#context.backend.expectOk(response), null);
    if (this.#offset === null) throw unreadable('Upload-Offset');
  }

  #note(response: WireResponse, offset: number | null): void {
    const value = response.header('upload-offset');
    this.#offset = value === null || !/^\d+$/.test(value) ? offset : Number(value);
    this.expiresAt = parseInstant(response.header('upload-expires') ?? undefined) ?? this.expiresAt;
  }
}

const unreadable = (name: string): UploadError =>
  new UploadError('protocol', `the answer has no readable ${name}: send Access-Control-Expose-Headers: ${name}`);
