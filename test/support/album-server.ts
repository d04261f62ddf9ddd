/**
 * A backend with an album behind each URL, workspace, folder and confirmation: it stores every file, a moment after it is
 * asked, and remembers in which album.
 */

import type { ControlRequest, DataRequest, Transport, WireResponse } from '../../src/ports/transport.js';
import type { FakeClock } from './fake-clock.js';
import { wireResponse } from './scripted-transport.js';

export interface StoredInAlbum {
  readonly name: string;
  /** Everything that says where it went. */
  readonly album: string;
}

const ANSWER_MS = 10;

const LATER_PARTS = /\/(parts|complete|[0-9]+)$/;

export class AlbumServer implements Transport {
  readonly stored: StoredInAlbum[] = [];
  readonly #clock: FakeClock;
  readonly #answerMs: number;
  readonly #sessions = new Map<string, StoredInAlbum>();

  /** @param answerMs how long it takes over each answer. */
  constructor(clock: FakeClock, answerMs = ANSWER_MS) {
    this.#clock = clock;
    this.#answerMs = answerMs;
  }

  async control({ method, url, json = {} }: ControlRequest, { signal }: { readonly signal: AbortSignal }) {
    await this.#clock.delay(this.#answerMs, { signal });
    const { pathname } = new URL(url);
    const id = pathname.split('/').find((step) => this.#sessions.has(step)) ?? '';
    if (method === 'DELETE') return wireResponse(url, {});
    if (method === 'GET') return wireResponse(url, { json: { upload_id: id, parts: [] } });
    if (pathname.endsWith('/complete')) return this.#store(url, id, '');
    const body = json as Readonly<Record<string, string>>;
    const confirmed = body.fileId;
    if (confirmed !== undefined) return this.#store(url, confirmed, ` confirmed at ${pathname}`);
    return this.#open(url, body);
  }

  async send({ url }: DataRequest, { signal }: { readonly signal: AbortSignal }): Promise<WireResponse> {
    await this.#clock.delay(this.#answerMs, { signal });
    return wireResponse(url, { headers: { ETag: '"e"' } });
  }

  #open(url: string, body: Readonly<Record<string, string>>): WireResponse {
    const id = String(this.#sessions.size + 1);
    const { workspace_id = '', folder_id = '', filename = '' } = body;
    const where = new URL(url).pathname.replace(LATER_PARTS, '');
    this.#sessions.set(id, { name: filename, album: `${where} ${workspace_id} ${folder_id}`.trim() });
    const grant = { uploadUrl: `https://storage.test/${id}`, fileId: id };
    return wireResponse(url, { json: { ...grant, upload_id: id, part_size: 10 } });
  }

  #store(url: string, id: string, how: string): WireResponse {
    const session = this.#sessions.get(id);
    if (session !== undefined) this.stored.push({ ...session, album: session.album + how });
    return wireResponse(url, { json: { file_id: id } });
  }
}
