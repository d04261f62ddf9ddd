/**
 * One file, one request: request a grant, PUT the raw bytes to its URL, and confirm to the backend where that is
 * configured (source: the presigned URL article). Storage keeps nothing partial, so a broken request starts from zero.
 */

import { defined } from '../lib/defined.js';
import { isObject, parseJson, readString } from '../lib/json.js';
import { toUploadError, UploadError } from '../ports/errors.js';
import type {
  CallOptions,
  Part,
  PartOptions,
  Protocol,
  ProtocolName,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../ports/protocol.js';
import type { WireResponse } from '../ports/transport.js';
import { normalizeEtag } from '../wire/etag.js';
import { withoutContentType } from '../wire/headers.js';
import type { ConfirmRequest, Grant } from '../wire/presigned.js';
import type { Backend } from './shared/backend.js';
import type { ProtocolContext } from './shared/definition.js';
import { DuplicateGuard } from './shared/duplicate-guard.js';
import { GrantBatcher } from './shared/grant-batcher.js';
import { GrantLife } from './shared/grant-life.js';
import { isGood } from './shared/seen-origins.js';
import { mayHaveExpired } from './shared/signed-url.js';
import { isRefusedUrl, toStorageError } from './shared/storage-answer.js';

export type PresignedOptions = Pick<ProtocolContext, 'backend' | 'clock'> &
  Partial<Pick<ProtocolContext, 'confirmUrl' | 'mintBatch'>>;

export const presigned = ({ backend, clock, confirmUrl = null, mintBatch = 1 }: PresignedOptions): Protocol => {
  const grantSource = new GrantBatcher(backend, mintBatch, clock);
  const sessions = new GrantedUploads({ protocol: 'presigned', backend, clock, confirmUrl, grantSource });
  return {
    name: 'presigned',
    batchWindow: grantSource.window,
    open: async (facts, call) => sessions.open(facts, await grantSource.grant(facts, call)),
    reopen: async (facts, _protocol, record) => sessions.reopen(facts, record),
  };
};

/** Provides grants. */
export interface GrantSource {
  /** @throws UploadError */
  grant(facts: UploadFacts, options: CallOptions): Promise<Grant>;
  /** Reports that the grant is being used, or will not be used. */
  used?(grant: Grant): void;
}

interface GrantedInit extends Pick<ProtocolContext, 'backend' | 'clock' | 'confirmUrl'> {
  readonly protocol: ProtocolName;
  readonly grantSource: GrantSource;
}

/** Identifies a grant: POST forms of one bucket share their URL and differ in their fields. */
const keyOf = ({ uploadUrl, headers, fields }: Grant): string => JSON.stringify([uploadUrl, headers, fields]);

/** Sessions of one request each; `presigned` and `multipart` share them. */
export class GrantedUploads {
  readonly #init: SharedInit;

  constructor(init: GrantedInit) {
    this.#init = { ...init, life: new GrantLife(init.clock), guard: new DuplicateGuard() };
  }

  /** @throws UploadError `protocol` when another file has the same grant. */
  open(facts: UploadFacts, grant: Grant): Session {
    this.#init.guard.claim(keyOf(grant), facts);
    return new PresignedSession({ ...this.#init, facts }, { grant, grantedAt: this.#init.clock.now(), storedAs: null });
  }

  reopen(facts: UploadFacts, { storedAs }: SessionRecord): Session {
    const state = { grant: null, grantedAt: 0, storedAs: typeof storedAs === 'string' ? storedAs : null };
    return new PresignedSession({ ...this.#init, facts }, state);
  }
}

interface PresignedState {
  readonly grant: Grant | null;
  /** By `clock.now()`. */
  readonly grantedAt: number;
  /** File id once the bytes are stored; only the confirmation is then missing. */
  readonly storedAs: string | null;
}

interface SharedInit extends GrantedInit {
  readonly life: GrantLife;
  readonly guard: DuplicateGuard;
}

interface SessionInit extends SharedInit {
  readonly facts: UploadFacts;
}

class PresignedSession implements Session {
  readonly protocol: ProtocolName;
  readonly limits = { maxParts: 1 };
  /** Kept, because it is read many times for each file and parsing a URL takes time. */
  origin: string;
  readonly #init: SessionInit;
  #state: PresignedState;
  /** True when the storage refused the current grant. */
  #isRefused = false;

  constructor(init: SessionInit, state: PresignedState) {
    this.protocol = init.protocol;
    this.#init = init;
    this.#state = state;
    this.origin = new URL(state.grant?.uploadUrl ?? init.backend.endpoint).origin;
  }

  get record(): SessionRecord {
    return { storedAs: this.#state.storedAs };
  }

  /**
   * A file is sent whole, so the record shows whether it is stored; if not, it needs a grant, which sets the origin.
   */
  async inspect(options: CallOptions): Promise<readonly Receipt[]> {
    if (this.#state.storedAs !== null) return [{ number: 1, size: this.#init.facts.size }];
    await this.#freshGrant(options);
    return [];
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const { backend, clock, grantSource } = this.#init;
    for (let isRenewed = false; ; isRenewed = true) {
      const grant = await this.#freshGrant(options);
      grantSource.used?.(grant);
      const response = await this.#put(grant, body, options).catch((error: unknown) => {
        const isOver = mayHaveExpired(error, grant.uploadUrl, clock.now() - this.#state.grantedAt);
        if (isRenewed || !isOver) throw error;
        return null;
      });
      if (response === null || isRefusedUrl(response)) {
        this.#isRefused = true;
        if (response === null || !isRenewed) continue;
        const { status } = response;
        throw new UploadError('grant-expired', 'the storage refused two grants in a row', { status, partNumber: 1 });
      }
      if (!isGood(response)) throw toStorageError(backend.errorOf(response), response);
      this.#state = { ...this.#state, storedAs: grant.fileId };
      const etag = normalizeEtag(response.header('etag'));
      return { number: part.number, size: body.size, ...defined({ etag }) };
    }
  }

  async complete(_receipts: readonly Receipt[], { signal }: CallOptions): Promise<UploadResult> {
    const { backend, facts, confirmUrl } = this.#init;
    const { storedAs } = this.#state;
    if (storedAs === null) throw new UploadError('part-mismatch', 'the storage has not taken the file');
    if (confirmUrl === null) return { fileId: storedAs, response: null };
    const json: ConfirmRequest = { fileId: storedAs, filename: facts.name, size: facts.size, contentType: facts.type };
    const response = await backend.ask({ method: 'POST', url: confirmUrl, json, keepalive: true }, { signal });
    const answer = this.#readConfirmation(response);
    // The grant's id may be a ticket; the confirmation then returns the id of the file.
    const named = isObject(answer) ? readString(answer.fileId) : undefined;
    return { fileId: named ?? storedAs, response: answer };
  }

  /**
   * Sends the raw bytes, or a form whose last field is the file, because a POST policy covers only the fields before
   * it.
   */
  #put(grant: Grant, body: Blob, options: PartOptions): Promise<WireResponse> {
    const { backend, facts } = this.#init;
    const { method, uploadUrl: url, fields } = grant;
    const headers = withoutContentType(grant.headers);
    if (fields === undefined) {
      return backend.sendToStorage({ method, url, headers: { ...headers, 'Content-Type': facts.type }, body }, options);
    }
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', body, facts.name);
    return backend.sendToStorage({ method, url, headers, body: form }, options);
  }

  /** Nothing to cancel on the server: an unused grant expires. */
  async cancel(): Promise<void> {
    if (this.#state.grant !== null) this.#init.grantSource.used?.(this.#state.grant);
  }

  /** Makes every failure retriable, because the file is stored and only the confirmation can be repeated. */
  #readConfirmation(response: Parameters<Backend['expectOk']>[0]): unknown {
    try {
      return parseJson(this.#init.backend.expectOk(response).text);
    } catch (error) {
      throw toUploadError(error).with({ retriable: true });
    }
  }

  async #freshGrant({ signal }: CallOptions): Promise<Grant> {
    const { grant, grantedAt } = this.#state;
    const { grantSource, life, facts, clock, guard } = this.#init;
    if (grant !== null && !this.#isRefused && !life.isEnding(grant, grantedAt)) return grant;
    if (grant !== null) grantSource.used?.(grant);
    const renewed = await grantSource.grant(facts, { signal });
    guard.claim(keyOf(renewed), facts);
    life.compare(grant, renewed);
    this.#isRefused = false;
    this.#state = { grant: renewed, grantedAt: clock.now(), storedAs: null };
    this.origin = new URL(renewed.uploadUrl).origin;
    return renewed;
  }
}
