/**
 * One file, one request: ask for a grant, PUT the raw bytes where it points, tell the backend if it wants to know
 * (source: the presigned URL article). Nothing partial is kept by the storage, so a broken request begins anew.
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
import { DistinctGrants } from './shared/distinct-grants.js';
import { GrantBatcher } from './shared/grant-batcher.js';
import { GrantLife } from './shared/grant-life.js';
import { isGood } from './shared/seen-origins.js';
import { mayHaveExpired } from './shared/signed-url.js';
import { isRefusedUrl, toStorageError } from './shared/storage-answer.js';

export type PresignedOptions = Pick<ProtocolContext, 'backend' | 'clock'> &
  Partial<Pick<ProtocolContext, 'confirmUrl' | 'mintBatch'>>;

export const presigned = ({ backend, clock, confirmUrl = null, mintBatch = 1 }: PresignedOptions): Protocol => {
  const mint = new GrantBatcher(backend, mintBatch, clock);
  const sessions = new GrantedUploads({ protocol: 'presigned', backend, clock, confirmUrl, mint });
  return {
    name: 'presigned',
    batchWindow: mint.window,
    open: async (facts, call) => sessions.open(facts, await mint.grant(facts, call)),
    reopen: async (facts, _protocol, record) => sessions.reopen(facts, record),
  };
};

/** Where grants come from. */
export interface GrantSource {
  /** @throws UploadError */
  grant(facts: UploadFacts, options: CallOptions): Promise<Grant>;
  /** The grant is being used, or will not be. */
  used?(grant: Grant): void;
}

interface GrantedInit extends Pick<ProtocolContext, 'backend' | 'clock' | 'confirmUrl'> {
  readonly protocol: ProtocolName;
  readonly mint: GrantSource;
}

/** Where a grant leads: forms of one bucket share their URL, and differ in their fields. */
const placeOf = ({ uploadUrl, headers, fields }: Grant): string => JSON.stringify([uploadUrl, headers, fields]);

/** Uploads of one request each, whichever protocol brings the grants. */
export class GrantedUploads {
  readonly #init: SharedInit;

  constructor(init: GrantedInit) {
    this.#init = { ...init, life: new GrantLife(init.clock), grants: new DistinctGrants() };
  }

  /** @throws UploadError `protocol` when another file has the grant. */
  open(facts: UploadFacts, grant: Grant): Session {
    this.#init.grants.claim(placeOf(grant), facts);
    return new PresignedSession({ ...this.#init, facts }, { grant, grantedAt: this.#init.clock.now(), storedAs: null });
  }

  reopen(facts: UploadFacts, { storedAs }: SessionRecord): Session {
    const state = { grant: null, grantedAt: 0, storedAs: typeof storedAs === 'string' ? storedAs : null };
    return new PresignedSession({ ...this.#init, facts }, state);
  }
}

interface PresignedState {
  readonly grant: Grant | null;
  /** By the clock that never jumps. */
  readonly grantedAt: number;
  /** File id once the bytes are stored: then only the confirmation is missing. */
  readonly storedAs: string | null;
}

interface SharedInit extends GrantedInit {
  readonly life: GrantLife;
  readonly grants: DistinctGrants;
}

interface SessionInit extends SharedInit {
  readonly facts: UploadFacts;
}

class PresignedSession implements Session {
  readonly protocol: ProtocolName;
  readonly limits = { maxParts: 1 };
  readonly #init: SessionInit;
  #state: PresignedState;
  /** The grant at hand is of no use any more. */
  #isRefused = false;

  constructor(init: SessionInit, state: PresignedState) {
    this.protocol = init.protocol;
    this.#init = init;
    this.#state = state;
  }

  get origin(): string {
    const { grant } = this.#state;
    return grant === null ? this.#init.backend.origin : new URL(grant.uploadUrl).origin;
  }

  get record(): SessionRecord {
    return { storedAs: this.#state.storedAs };
  }

  /** Whole files only: what is stored is known here. What is not needs a grant, which also says where it goes. */
  async inspect(options: CallOptions): Promise<readonly Receipt[]> {
    if (this.#state.storedAs !== null) return [{ number: 1, size: this.#init.facts.size }];
    await this.#freshGrant(options);
    return [];
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const { backend, clock, mint } = this.#init;
    for (let isRenewed = false; ; isRenewed = true) {
      const grant = await this.#freshGrant(options);
      mint.used?.(grant);
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
    // The grant's id may be a ticket, in whose place the backend names the file.
    const named = isObject(answer) ? readString(answer.fileId) : undefined;
    return { fileId: named ?? storedAs, response: answer };
  }

  /** The raw bytes, or a form whose last field is the file, because a POST policy covers what comes before it. */
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

  /** An unused grant expires by itself. */
  async cancel(): Promise<void> {
    if (this.#state.grant !== null) this.#init.mint.used?.(this.#state.grant);
  }

  /** The file is stored: whatever the backend answers, telling it again is all there is to do. */
  #readConfirmation(response: Parameters<Backend['expectOk']>[0]): unknown {
    try {
      return parseJson(this.#init.backend.expectOk(response).text);
    } catch (error) {
      throw toUploadError(error).with({ retriable: true });
    }
  }

  async #freshGrant({ signal }: CallOptions): Promise<Grant> {
    const { grant, grantedAt } = this.#state;
    const { mint, life, facts, clock, grants } = this.#init;
    if (grant !== null && !this.#isRefused && !life.isEnding(grant, grantedAt)) return grant;
    if (grant !== null) mint.used?.(grant);
    const renewed = await mint.grant(facts, { signal });
    grants.claim(placeOf(renewed), facts);
    life.compare(grant, renewed);
    this.#isRefused = false;
    this.#state = { grant: renewed, grantedAt: clock.now(), storedAs: null };
    return renewed;
  }
}
