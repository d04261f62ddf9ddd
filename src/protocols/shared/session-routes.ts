/**
 * The calls that sessions of `chunked` and `multipart` share: list the parts, complete, cancel. Their paths are below
 * the endpoint, at the session's id.
 */

import { defined } from '../../lib/defined.js';
import { readString } from '../../lib/json.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions, Receipt, UploadResult } from '../../ports/protocol.js';
import type { WireResponse } from '../../ports/transport.js';
import { parsePartList } from '../../wire/part-list.js';
import type { Backend } from './backend.js';

/** Statuses that mean that the session does not exist on the server. */
export const GONE: ReadonlySet<number> = new Set([404, 410]);
/** The server lacks the call, so only local receipts count. */
const UNSUPPORTED: ReadonlySet<number> = new Set([405, 501]);
/** The manifest does not match the server's parts. */
const MISMATCH: ReadonlySet<number> = new Set([409, 422]);

/** Assembling a big file takes time. In milliseconds. */
const COMPLETE_TIMEOUT_MS = 600_000;

/** A 400 that mentions a part, as S3's InvalidPart does, concerns the stored parts, not the request. */
const isMismatch = ({ status, text }: WireResponse): boolean =>
  MISMATCH.has(status) || (status === 400 && /part/i.test(text));

export class SessionRoutes {
  readonly #backend: Backend;
  readonly #uploadId: string;
  /** Set once the server has reported the file of the session. */
  #stored: UploadResult | null = null;
  #wasAskedToComplete = false;

  constructor(backend: Backend, uploadId: string) {
    this.#backend = backend;
    this.#uploadId = uploadId;
  }

  /** Always contains the id, because the bare path would mean all sessions. */
  url(path?: string): string {
    const session = encodeURIComponent(this.#uploadId);
    return this.#backend.url(path === undefined ? session : `${session}/${path}`);
  }

  /** @throws UploadError `session-lost` when the session does not exist on the server. */
  expectKnown(response: WireResponse): WireResponse {
    const { status } = response;
    if (!GONE.has(status)) return response;
    throw new UploadError('session-lost', 'the server no longer knows the session', { status });
  }

  /** Null when the server cannot list the parts. */
  async inspect({ signal }: CallOptions): Promise<readonly Receipt[] | null> {
    const response = await this.#backend.ask({ method: 'GET', url: this.url() }, { signal });
    if (UNSUPPORTED.has(response.status)) return null;
    const answer = this.#backend.readJson(this.expectKnown(response));
    const state = parsePartList(answer);
    if (state === null) throw new UploadError('protocol', 'the backend answered without parts');
    const { fileId, parts } = state;
    this.#stored = fileId === undefined ? null : { fileId, response: answer };
    // A completed session may list no parts any more; all of them had arrived.
    return this.#stored !== null && parts.length === 0 ? null : parts;
  }

  async complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    // An earlier complete request may have succeeded although its answer was lost.
    if (this.#wasAskedToComplete) await this.inspect(options);
    if (this.#stored !== null) return this.#stored;
    this.#wasAskedToComplete = true;
    const json = { parts: receipts.map(({ number, etag }) => ({ part_number: number, ...defined({ etag }) })) };
    const call = { method: 'POST', url: this.url('complete'), json, timeoutMs: COMPLETE_TIMEOUT_MS } as const;
    const response = this.expectKnown(await this.#backend.ask(call, options));
    const { status } = response;
    if (isMismatch(response)) throw new UploadError('part-mismatch', 'the server holds other parts', { status });
    const answer = this.#backend.readJson(response);
    const fileId = readString(answer.file_id) ?? readString(answer.fileId);
    // The body of a 200 may contain an error: the file is stored only if the answer has its id.
    if (fileId === undefined) throw new UploadError('network', 'the backend answered without file_id');
    return { fileId, response: answer };
  }

  async cancel({ signal }: CallOptions): Promise<void> {
    await this.#backend.ask({ method: 'DELETE', url: this.url(), keepalive: true }, { signal });
  }
}
