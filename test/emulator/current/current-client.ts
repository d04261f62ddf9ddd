/** The calls of the `/current/` API as plain `fetch`. */

import { type RunningEmulator, type StartOptions, startEmulator } from '../../../src/emulator/index.js';
import { crc32c, toCrc32cHex } from '../../../src/lib/crc32c.js';
import { jsonOf, until } from '../api-client.js';

export const WORKSPACE = '1234567890123456789';

/** Nothing takes time. */
export const INSTANT = { assemble: 0, assembling: 0, complete: 0, store: 0, storing: 0 };

export const crcOf = (bytes: Uint8Array): string => toCrc32cHex(crc32c(bytes));

type Fields = Readonly<Record<string, string | number>>;

const query = (fields: Fields): string =>
  new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString();

const formOf = (fields: Fields): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  return form;
};

const fileOf = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)]);

export class CurrentClient {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  /** The same API by another key. */
  as(key: string): CurrentClient {
    return new CurrentClient(this.url, key);
  }

  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${this.#key}`);
    return fetch(`${this.url}/current/${path}`, { ...init, headers });
  }

  post(path: string, body: RequestInit['body'] = null, init: RequestInit = {}): Promise<Response> {
    return this.call(path, { ...init, method: 'POST', body });
  }

  delete(path: string): Promise<Response> {
    return this.call(path, { method: 'DELETE' });
  }

  openRaw(fields: Fields): Promise<Response> {
    const all = { name: 'a.bin', action: 'create', instance_id: WORKSPACE, ...fields };
    return this.post('upload/', new URLSearchParams(query(all)));
  }

  /** Id of a new session. */
  async open(size: number, fields: Fields = {}): Promise<string> {
    const { id } = await jsonOf(await this.openRaw({ size, ...fields }));
    return id;
  }

  single(bytes: Uint8Array, fields: Fields = {}): Promise<Response> {
    const all = { name: 'a.bin', size: bytes.length, action: 'create', instance_id: WORKSPACE, ...fields };
    const form = formOf(all);
    form.append('chunk', fileOf(bytes), 'chunk.bin');
    return this.post('upload/', form);
  }

  /** As the vendor's client does it: all but the bytes in the query. */
  chunk(id: string, order: number | string, bytes: Uint8Array, fields: Fields = {}): Promise<Response> {
    const form = new FormData();
    form.append('chunk', fileOf(bytes), 'chunk.bin');
    return this.post(`upload/${id}/chunk/?${query({ order, size: bytes.length, ...fields })}`, form);
  }

  complete(id: string): Promise<Response> {
    return this.post(`upload/${id}/complete/`);
  }

  async details(id: string, wait = 0): Promise<ReturnType<typeof jsonOf>> {
    return (await jsonOf(await this.call(`upload/${id}/details/${wait > 0 ? `?wait=${wait}` : ''}`))).session;
  }

  /** The session once its status is one of these. */
  async settled(id: string, ...statuses: string[]): Promise<ReturnType<typeof jsonOf>> {
    const wanted = statuses.length > 0 ? statuses : ['stored'];
    let session = await this.details(id);
    await until(async () => {
      if (!wanted.includes(session.status)) session = await this.details(id, 2);
      return wanted.includes(session.status);
    });
    return session;
  }

  batch(files: readonly { name: string; bytes: Uint8Array; entry?: object }[], fields: Fields = {}): Promise<Response> {
    const manifest = files.map(({ name, entry }, index) => ({ index, filename: name, ...entry }));
    const form = formOf({ instance_id: WORKSPACE, manifest: JSON.stringify(manifest), ...fields });
    for (const [index, { bytes }] of files.entries()) form.append(`file_${index}`, fileOf(bytes), 'file.bin');
    return this.post('upload/batch/', form);
  }
}

/** Runs the test with an emulator of its own and closes it whatever happens. */
export const withCurrent = async (
  options: StartOptions,
  test: (api: CurrentClient, emulator: RunningEmulator) => Promise<void>,
): Promise<void> => {
  const emulator = await startEmulator(options);
  try {
    await test(new CurrentClient(emulator.url, emulator.apiKey), emulator);
  } finally {
    await emulator.close();
  }
};

/** Status and code of a refusal. */
export const refusalOf = async (response: Response): Promise<[status: number, code: number]> => {
  const { result, error } = await jsonOf(response);
  if (result !== false) throw new Error('the answer is no refusal');
  return [response.status, error.code];
};
