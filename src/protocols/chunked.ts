/**
 * A session of numbered parts: init, PUT each part, complete with the manifest of ETags (source: the chunked upload
 * article). Reading the session's state and canceling it are additions of this package, which a server may lack.
 */

import { defined } from '../lib/defined.js';
import { parseJsonObject, readString } from '../lib/json.js';
import { isUploadError, UploadError } from '../ports/errors.js';
import type { Hasher } from '../ports/hasher.js';
import { lazyCode } from '../ports/lazy-code.js';
import type {
  CallOptions,
  Part,
  PartLimits,
  PartOptions,
  Protocol,
  Receipt,
  Session,
  SessionRecord,
  UploadResult,
} from '../ports/protocol.js';
import type { WireResponse } from '../ports/transport.js';
import { type InitRequest, parseInitAnswer } from '../wire/chunked.js';
import { normalizeEtag } from '../wire/etag.js';
import { PART_NUMBER_HEADER } from '../wire/headers.js';
import type { Backend } from './shared/backend.js';
import type { ProtocolContext } from './shared/definition.js';
import { DuplicateGuard } from './shared/duplicate-guard.js';
import type { PartChecks } from './shared/part-checks.js';
import { GONE, SessionRoutes } from './shared/session-routes.js';

/** The endpoint of `backend` corresponds to `…/v1/uploads/chunked`. */
export type ChunkedOptions = Pick<ProtocolContext, 'backend'> &
  Partial<Pick<ProtocolContext, 'workspaceId' | 'folderId' | 'hasher' | 'checksums'>>;

/** Limits that a later page needs to cut further parts. */
const KEPT_LIMITS = [
  'maxParallel',
  'minPartSize',
  'maxPartSize',
  'maxParts',
] as const satisfies readonly (keyof PartLimits)[];

export const chunked = ({
  backend,
  workspaceId = '',
  folderId = '',
  hasher: offered,
  checksums = false,
}: ChunkedOptions): Protocol => {
  const hasher = checksums ? (offered ?? null) : null;
  const sessions = new DuplicateGuard();
  return {
    name: 'chunked',
    open: async (facts, { signal, idempotencyKey }) => {
      const json: InitRequest = {
        filename: facts.name,
        total_size: facts.size,
        mime_type: facts.type,
        ...(workspaceId !== '' && { workspace_id: workspaceId }),
        ...(folderId !== '' && { folder_id: folderId }),
        ...(facts.relativePath !== facts.name && { relative_path: facts.relativePath }),
        ...(facts.metadata !== null && { metadata: facts.metadata }),
      };
      const call = {
        method: 'POST',
        url: backend.url('init'),
        json,
        ...defined({ idempotencyKey }),
      } as const;
      const answer = parseInitAnswer(await backend.call(call, { signal }));
      if (answer === null) throw new UploadError('protocol', 'the backend answered without upload_id');
      const { uploadId, expiresAt = null, ...limits } = answer;
      sessions.claim(uploadId, facts);
      return new ChunkedSession({ backend, hasher, uploadId, expiresAt, limits });
    },
    reopen: async (_facts, _protocol, record) => {
      const { uploadId, expiresAt } = record;
      // An empty id would make the path that of all sessions.
      if (typeof uploadId !== 'string' || uploadId === '') {
        throw new UploadError('session-lost', 'the record names no session');
      }
      const limits = Object.fromEntries(
        KEPT_LIMITS.flatMap((name) => (record[name] == null ? [] : [[name, record[name]]])),
      );
      const end = typeof expiresAt === 'number' ? expiresAt : null;
      return new ChunkedSession({ backend, hasher, uploadId, expiresAt: end, limits });
    },
  };
};

interface SessionInit {
  readonly backend: Backend;
  readonly hasher: Hasher | null;
  readonly uploadId: string;
  readonly expiresAt: number | null;
  readonly limits: PartLimits;
}

/** Loaded on demand, because few pages use `checksums`. @throws UploadError `network`. */
export const loadChecking = lazyCode('checksums', () => import('./shared/part-checks.js'));

class ChunkedSession implements Session {
  readonly protocol = 'chunked';
  readonly limits: PartLimits;
  readonly expiresAt: number | null;
  readonly #backend: Backend;
  readonly #uploadId: string;
  readonly #routes: SessionRoutes;
  readonly #hasher: SessionInit['hasher'];
  #checks: PartChecks | null = null;

  constructor({ backend, hasher, uploadId, expiresAt, limits }: SessionInit) {
    this.#backend = backend;
    this.#uploadId = uploadId;
    this.#routes = new SessionRoutes(backend, uploadId);
    this.#hasher = hasher;
    // The manifest lists the parts, so each may have its own size.
    this.limits = { ...limits, sizes: 'free' };
    this.expiresAt = expiresAt;
  }

  get origin(): string {
    return this.#backend.origin;
  }

  get record(): SessionRecord {
    const limits = KEPT_LIMITS.map((name) => [name, this.limits[name] ?? null]);
    return { uploadId: this.#uploadId, expiresAt: this.expiresAt, ...Object.fromEntries(limits) };
  }

  async inspect(options: CallOptions): Promise<readonly Receipt[] | null> {
    const parts = await this.#routes.inspect(options);
    // The manifest needs the ETag of each part.
    return parts?.filter(({ etag }) => etag !== undefined) ?? null;
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const send = () => this.#putPart(part, body, options);
    const checks = await this.#loadChecks();
    return checks === null ? send() : checks.during(part, body, options, send);
  }

  async verifyPart(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean> {
    return (await this.#loadChecks())?.verifyPart(receipt, body, options) ?? true;
  }

  complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    return this.#routes.complete(receipts, options);
  }

  cancel(options: CallOptions): Promise<void> {
    return this.#routes.cancel(options);
  }

  /** Null unless the `checksums` option is set. */
  async #loadChecks(): Promise<PartChecks | null> {
    if (this.#hasher === null) return null;
    const { PartChecks } = await loadChecking();
    this.#checks ??= new PartChecks(this.#hasher);
    return this.#checks;
  }

  async #putPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const response = await this.#send(part, body, options);
    const etag = normalizeEtag(response.header('etag') ?? readString(parseJsonObject(response.text).etag));
    if (etag === undefined) {
      throw new UploadError(
        'protocol',
        `the answer to part ${part.number} has no readable ETag: send Access-Control-Expose-Headers: ETag`,
        { status: response.status, partNumber: part.number },
      );
    }
    return { number: part.number, size: body.size, etag };
  }

  async #send(part: Part, body: Blob, options: PartOptions): Promise<WireResponse> {
    const headers = { 'Content-Type': 'application/octet-stream', [PART_NUMBER_HEADER]: String(part.number) };
    try {
      return await this.#backend.send({ method: 'PUT', url: this.#routes.url('parts'), headers, body }, options);
    } catch (error) {
      throw this.#withPart(error, part.number);
    }
  }

  /** Adds the number of the part; 404 and 410 mean that the session is lost. */
  #withPart(error: unknown, partNumber: number): unknown {
    if (!isUploadError(error)) return error;
    const isGone = error.status !== undefined && GONE.has(error.status);
    return error.with({ partNumber, ...(isGone && { code: 'session-lost', retriable: false }) });
  }
}
