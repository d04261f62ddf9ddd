/** The requests of both dialects as plain `fetch`, and bytes to send. */

import { createHash, randomBytes } from 'node:crypto';
import type { FaultRule } from '../../src/emulator/index.js';
import { type RunningEmulator, type StartOptions, startEmulator } from '../../src/emulator/index.js';

export const MiB = 2 ** 20;

export const bytesOf = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size));

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** Runs the test with an emulator of its own and closes it whatever happens. */
export const withEmulator = async (
  options: StartOptions,
  test: (emulator: RunningEmulator, api: ApiClient) => Promise<void>,
): Promise<void> => {
  const emulator = await startEmulator(options);
  try {
    await test(emulator, new ApiClient(emulator));
  } finally {
    await emulator.close();
  }
};

/** Resolves once the condition holds; fails after half a minute, because a busy disk takes its time. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition never came true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** The body as an object; the shape is the test's claim. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire carries
export const jsonOf = async (response: Response): Promise<any> => response.json();

export class ApiClient {
  readonly url: string;
  readonly #key: string;
  readonly #setFaults: RunningEmulator['faults'];

  constructor(emulator: Pick<RunningEmulator, 'url' | 'apiKey' | 'faults'>) {
    this.url = emulator.url;
    this.#key = emulator.apiKey;
    this.#setFaults = emulator.faults;
  }

  fault(...rules: FaultRule[]): void {
    this.#setFaults(rules);
  }

  call(path: string, init: RequestInit & { json?: unknown; duplex?: 'half' } = {}): Promise<Response> {
    const { json, ...rest } = init;
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${this.#key}`);
    if (json !== undefined) headers.set('content-type', 'application/json');
    return fetch(`${this.url}${path}`, {
      ...rest,
      headers,
      ...(json !== undefined && { body: JSON.stringify(json), method: init.method ?? 'POST' }),
    });
  }

  mintRaw(fields: object = {}): Promise<Response> {
    const json = { filename: 'a.bin', contentType: 'application/x-test', expiresIn: 60, ...fields };
    return this.call('/v1/workspaces/ws_1/presigned-urls', { json });
  }

  async mint(fields: object = {}): Promise<{ url: string; fileId: string; expiresAt: string }> {
    return jsonOf(await this.mintRaw(fields));
  }

  put(url: string, body: RequestInit['body'], contentType = 'application/x-test'): Promise<Response> {
    return fetch(url, { method: 'PUT', body: body ?? null, headers: { 'content-type': contentType } });
  }

  initRaw(fields: object, headers: Record<string, string> = {}): Promise<Response> {
    const json = { filename: 'a.bin', workspace_id: 'ws_1', ...fields };
    return this.call('/v1/uploads/chunked/init', { json, headers });
  }

  async init(totalSize: number, fields: object = {}, headers: Record<string, string> = {}): Promise<string> {
    const { upload_id: id } = await jsonOf(await this.initRaw({ total_size: totalSize, ...fields }, headers));
    return id;
  }

  putPart(id: string, number: number | string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
    return this.call(`/v1/uploads/chunked/${id}/parts`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/octet-stream', 'fastio-part-number': String(number), ...headers },
    });
  }

  inspect(id: string): Promise<Response> {
    return this.call(`/v1/uploads/chunked/${id}`);
  }

  complete(id: string, etags: readonly string[]): Promise<Response> {
    return this.completeRaw(
      id,
      etags.map((etag, index) => ({ part_number: index + 1, etag })),
    );
  }

  completeRaw(id: string, parts: unknown): Promise<Response> {
    return this.call(`/v1/uploads/chunked/${id}/complete`, { json: { parts } });
  }

  /** Sends the parts and completes. */
  async uploadInParts(parts: readonly Uint8Array<ArrayBuffer>[], fields: object = {}): Promise<Response> {
    const id = await this.init(
      parts.reduce((sum, part) => sum + part.length, 0),
      fields,
    );
    for (const [index, part] of parts.entries()) await this.putPart(id, index + 1, part);
    return this.complete(id, parts.map(md5));
  }

  async download(fileId: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}/emulator/files/${fileId}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
