/**
 * The calls about a session of numbered parts that `chunked` and `multipart` have in common: what has arrived, complete,
 * cancel. They lie below the endpoint at the session's id.
 */

import { defined } from '../../lib/defined.js';
import { readString } from '../../lib/json.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions, Receipt, UploadResult } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { parseMultipartState } from '../../wire/session-state.js';
import type { Backend } from './backend.js';

/** The server knows nothing of the session. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** The server has no such call: the local ledger must do. */
const UNSUPPORTED: ReadonlySet<number> = new Set([405, 501]);
/** The manifest does not match what the server holds. */
const MISMATCH: ReadonlySet<number> = new Set([409, 422]);

/** Putting a big file together takes the server its time; a server that needs more says so by polling protocols. */
const COMPLETE_TIMEOUT_MS = 600_000;

/** A 400 that names a part, as S3's InvalidPart does, is about what is stored and not about the request. */
const isMismatch = ({ status, text }: WireResponse): boolean =>
  MISMATCH.has(status) || (status === 400 && /part/i.test(text));

export class SessionRoutes {
  readonly #backend: Backend;
  readonly #uploadId: string;
  /** Set once the server has told that the session became a file. */
  #fileId: string | null = null;
  #wasAskedToComplete = false;

  constructor(backend: Backend, uploadId: string) {
    this.#backend = backend;
    this.#uploadId = uploadId;
  }

  /** Never without an id: the bare path would mean all sessions. */
  url(path?: string): string {
    const session = encodeURIComponent(this.#uploadId);
    return this.#backend.url(path === undefined ? session : `${session}/${path}`);
  }

  /** @throws UploadError `session-lost` when the server knows nothing of the session. */
  expectKnown(response: WireResponse): WireResponse {
    const { status } = response;
    if (!GONE.has(status)) return response;
    throw new UploadError('session-lost', 'the server no longer knows the session', { status });
  }

  /** Null when the server cannot tell. */
  async inspect({ signal }: CallOptions): Promise<readonly Receipt[] | null> {
    const response = await this.#backend.ask({ method: 'GET', url: this.url() }, { signal });
    if (UNSUPPORTED.has(response.status)) return null;
    const state = parseMultipartState(this.#backend.readJson(this.expectKnown(response)));
    if (state === null) throw new UploadError('protocol', 'the backend answered without parts');
    this.#fileId = state.fileId ?? null;
    // A session that became a file may have let its parts go; then every one of them was there.
    return this.#fileId !== null && state.parts.length === 0 ? null : state.parts;
  }

  async complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    // The answer to an earlier request may be what was lost.
    if (this.#wasAskedToComplete) await this.inspect(options);
    if (this.#fileId !== null) return { fileId: this.#fileId, response: null };
    this.#wasAskedToComplete = true;
    const json = { parts: receipts.map(({ number, etag }) => ({ part_number: number, ...defined({ etag }) })) };
    const call = { method: 'POST', url: this.url('complete'), json, timeoutMs: COMPLETE_TIMEOUT_MS } as const;
    const response = this.expectKnown(await this.#backend.ask(call, options));
    const { status } = response;
    if (isMismatch(response)) throw new UploadError('part-mismatch', 'the server holds other parts', { status });
    const answer = this.#backend.readJson(response);
    const fileId = readString(answer.file_id) ?? readString(answer.fileId);
    // A 200 may carry an error in its body: the file is stored only when it has an id.
    if (fileId === undefined) throw new UploadError('network', 'the backend answered without file_id');
    return { fileId, response: answer };
  }

  async cancel({ signal }: CallOptions): Promise<void> {
    await this.#backend.ask({ method: 'DELETE', url: this.url(), keepalive: true }, { signal });
  }
}
