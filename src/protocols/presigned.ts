/**
 * One file, one request: ask for a grant, PUT the raw bytes where it points, tell the backend if it wants to know
 * (source: the presigned URL article). Nothing partial is kept by the storage, so a broken request begins anew.
 */

import { parseJson } from '../lib/json.js';
import { randomId } from '../lib/random-id.js';
import { UploadError } from '../ports/errors.js';
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
import type { ConfirmRequest, Grant } from '../wire/presigned.js';
import type { Backend } from './backend.js';
import { Mint } from './mint.js';

export interface PresignedOptions {
  readonly backend: Backend;
  /** Absolute URL, or null when nobody wants to be told. */
  readonly confirmUrl: string | null;
  /** Most grants in one request. @default 1 */
  readonly mintBatch?: number;
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
}

/** The storage refuses the grant: it is used up, expired, or was signed by another key. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 410]);

/** A grant is renewed this long before its end, in milliseconds: the request has to arrive before it. */
const MARGIN_MS = 5_000;

export const presigned = (options: PresignedOptions): Protocol => {
  const mint = new Mint(options.backend, options.mintBatch ?? 1);
  const sessionFor = (facts: UploadFacts, state: PresignedState) =>
    new PresignedSession({ ...options, mint, facts }, state);
  return {
    open: async (facts, call) => {
      const grant = await mint.grant(facts, call);
      return sessionFor(facts, { grant, grantedAt: options.now(), storedAs: null });
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

interface SessionInit extends PresignedOptions {
  readonly mint: Mint;
  readonly facts: UploadFacts;
}

class PresignedSession implements Session {
  readonly protocol = 'presigned';
  readonly limits = { maxParts: 1 };
  readonly #init: SessionInit;
  #state: PresignedState;
  /** The grant at hand is of no use any more. */
  #isRefused = false;
  /** Names the next grant until it has come. */
  #nextKey = randomId();

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
      const response = await backend.sendToStorage(
        { method: grant.method, url: grant.uploadUrl, headers: { ...grant.headers, 'Content-Type': facts.type }, body },
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
      return { number: part.number, size: body.size, ...(etag !== undefined && { etag }) };
    }
  }

  async complete(_receipts: readonly Receipt[], { signal }: CallOptions): Promise<UploadResult> {
    const { backend, facts, confirmUrl } = this.#init;
    const { storedAs } = this.#state;
    if (storedAs === null) throw new UploadError('part-mismatch', 'the storage has not taken the file');
    if (confirmUrl === null) return { fileId: storedAs, response: null };
    const json: ConfirmRequest = { fileId: storedAs, filename: facts.name, size: facts.size, contentType: facts.type };
    const response = await backend.ask({ method: 'POST', url: confirmUrl, json, keepalive: true }, { signal });
    return { fileId: storedAs, response: this.#readConfirmation(response) };
  }

  /** A grant that nobody uses ends by itself. */
  async cancel(): Promise<void> {}

  /** The file is stored: whatever the backend answers, telling it again is all there is to do. */
  #readConfirmation(response: Parameters<Backend['expectOk']>[0]): unknown {
    const { backend } = this.#init;
    if (response.status < 200 || response.status >= 300) {
      const { code, message, status, retryAfterMs } = backend.errorOf(response);
      throw new UploadError(code, message, {
        retriable: true,
        ...(status !== undefined && { status }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    }
    return parseJson(response.text);
  }

  async #freshGrant({ signal }: CallOptions): Promise<Grant> {
    const { grant } = this.#state;
    if (grant !== null && !this.#isRefused && !this.#isEnding(grant)) return grant;
    const { mint, facts, now } = this.#init;
    const renewed = await mint.grant(facts, { signal, idempotencyKey: this.#nextKey });
    this.#nextKey = randomId();
    this.#isRefused = false;
    this.#state = { grant: renewed, grantedAt: now(), storedAs: null };
    return renewed;
  }

  /**
   * Only a hint: a page's clock may be wrong, so a grant counts as ending when its life as granted has passed on the
   * clock that never jumps. The storage has the last word.
   */
  #isEnding({ expiresAt }: Grant): boolean {
    if (expiresAt === undefined) return false;
    const { now, wallNow } = this.#init;
    const { grantedAt } = this.#state;
    const age = now() - grantedAt;
    const lifeMs = expiresAt - (wallNow() - age);
    return lifeMs > 0 && age > 0 && lifeMs - age < Math.min(MARGIN_MS, lifeMs / 2);
  }
}
