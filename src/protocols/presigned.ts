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
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../ports/protocol.js';
import { normalizeEtag } from '../wire/etag.js';
import { withoutContentType } from '../wire/headers.js';
import type { ConfirmRequest, Grant } from '../wire/presigned.js';
import type { Backend } from './shared/backend.js';
import type { ProtocolContext } from './shared/definition.js';
import { GrantBatcher } from './shared/grant-batcher.js';
import { GrantLife } from './shared/grant-life.js';

export type PresignedOptions = Pick<ProtocolContext, 'backend' | 'clock'> &
  Partial<Pick<ProtocolContext, 'confirmUrl' | 'mintBatch'>>;

/** The storage refuses the grant: it is used up, expired, or was signed by another key. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 410]);

export const presigned = (options: PresignedOptions): Protocol => {
  const mint = new GrantBatcher(options.backend, options.mintBatch ?? 1, options.clock);
  const life = new GrantLife(options.clock);
  const { confirmUrl = null } = options;
  const sessionFor = (facts: UploadFacts, state: PresignedState) =>
    new PresignedSession({ ...options, confirmUrl, mint, life, facts }, state);
  return {
    name: 'presigned',
    batchWindow: mint.window,
    open: async (facts, call) => {
      const grant = await mint.grant(facts, call);
      return sessionFor(facts, { grant, grantedAt: options.clock.now(), storedAs: null });
    },
    reopen: async (facts, _protocol, { storedAs }) =>
      sessionFor(facts, { grant: null, grantedAt: 0, storedAs: typeof storedAs === 'string' ? storedAs : null }),
  };
};

interface PresignedState {
  readonly grant: Grant | null;
  /** By the clock that never jumps. */
  readonly grantedAt: number;
  /** File id once the bytes are stored: then only the confirmation is missing. */
  readonly storedAs: string | null;
}

interface SessionInit extends Pick<ProtocolContext, 'backend' | 'clock' | 'confirmUrl'> {
  readonly mint: GrantBatcher;
  readonly life: GrantLife;
  readonly facts: UploadFacts;
}

class PresignedSession implements Session {
  readonly protocol = 'presigned';
  readonly limits = { maxParts: 1 };
  readonly #init: SessionInit;
  #state: PresignedState;
  /** The grant at hand is of no use any more. */
  #isRefused = false;

  constructor(init: SessionInit, state: PresignedState) {
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
    const { backend, facts } = this.#init;
    for (let isRenewed = false; ; isRenewed = true) {
      const grant = await this.#freshGrant(options);
      this.#init.mint.used(grant);
      const response = await backend.sendToStorage(
        {
          method: grant.method,
          url: grant.uploadUrl,
          headers: { ...withoutContentType(grant.headers), 'Content-Type': facts.type },
          body,
        },
        options,
      );
      if (REFUSED.has(response.status)) {
        this.#isRefused = true;
        if (!isRenewed) continue;
        const { status } = response;
        throw new UploadError('grant-expired', 'the storage refused two grants in a row', { status, partNumber: 1 });
      }
      backend.expectOk(response);
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

  /** An unused grant expires by itself. */
  async cancel(): Promise<void> {
    if (this.#state.grant !== null) this.#init.mint.used(this.#state.grant);
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
    const { mint, life, facts, clock } = this.#init;
    if (grant !== null && !this.#isRefused && !life.isEnding(grant, grantedAt)) return grant;
    if (grant !== null) mint.used(grant);
    const renewed = await mint.grant(facts, { signal });
    life.compare(grant, renewed);
    this.#isRefused = false;
    this.#state = { grant: renewed, grantedAt: clock.now(), storedAs: null };
    return renewed;
  }
}
