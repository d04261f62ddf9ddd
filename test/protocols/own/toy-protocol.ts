/**
 * A protocol of a page's own, as an application would write it: one file, with nothing but what the package exports. Its
 * storage takes parts at URLs that the backend signs, a few ahead of what is sent.
 */

import {
  type Backend,
  type CallOptions,
  type Part,
  type PartOptions,
  type PreparePartOptions,
  type ProtocolDefinition,
  type Receipt,
  type Session,
  UploadError,
  type UploadResult,
} from '../../../src/preset.js';

/** Parts whose URLs are asked for together. */
const SIGNED_TOGETHER = 4;

export const toyProtocol: ProtocolDefinition = {
  name: 'toy',
  create: ({ backend }) => ({
    name: 'toy',
    open: async ({ name, size }, { signal }) => {
      const json = { name, size };
      const { id } = await backend.call({ method: 'POST', url: backend.url('open'), json }, { signal });
      return new ToySession(backend, String(id));
    },
    reopen: async (_facts, _protocol, { id }) => new ToySession(backend, String(id)),
  }),
};

class ToySession implements Session {
  readonly protocol = 'toy';
  readonly limits = { partSize: 1000 };
  readonly #backend: Backend;
  readonly #id: string;
  readonly #urls = new Map<number, string>();
  origin: string | null;

  constructor(backend: Backend, id: string) {
    this.#backend = backend;
    this.#id = id;
    this.origin = backend.origin;
  }

  get record() {
    return { id: this.#id };
  }

  async inspect({ signal }: CallOptions): Promise<Receipt[]> {
    const { parts } = await this.#backend.call({ method: 'GET', url: this.#backend.url(this.#id) }, { signal });
    return parts as Receipt[];
  }

  async preparePart(part: Part, { signal, upcoming }: PreparePartOptions): Promise<void> {
    if (this.#urls.has(part.number)) return;
    const json = { parts: [part, ...upcoming(SIGNED_TOGETHER - 1)].map(({ number }) => number) };
    const call = { method: 'POST', url: this.#backend.url(`${this.#id}/sign`), json } as const;
    const { urls } = await this.#backend.call(call, { signal });
    for (const [number, url] of Object.entries(urls as Record<string, string>)) this.#urls.set(Number(number), url);
    this.origin = new URL(String(this.#urls.get(part.number))).origin;
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const url = String(this.#urls.get(part.number));
    const response = await this.#backend.sendToStorage({ method: 'PUT', url, headers: {}, body }, options);
    this.#backend.expectOk(response);
    return { number: part.number, size: body.size };
  }

  async complete(_receipts: readonly Receipt[], { signal }: CallOptions): Promise<UploadResult> {
    const call = { method: 'POST', url: this.#backend.url(`${this.#id}/complete`), json: {} } as const;
    const response = await this.#backend.call(call, { signal });
    if (typeof response.fileId !== 'string') throw new UploadError('protocol', 'the answer names no file');
    return { fileId: response.fileId, response };
  }

  async cancel({ signal }: CallOptions): Promise<void> {
    await this.#backend.ask({ method: 'DELETE', url: this.#backend.url(this.#id) }, { signal });
  }
}
