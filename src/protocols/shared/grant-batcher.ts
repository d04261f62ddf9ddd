/**
 * Requests grants. Where the backend accepts batches, grants are requested ahead of need: while more than half a batch
 * of grants is unused, further requests wait until they fill a batch.
 */

import { abortable, never } from '../../lib/abortable.js';
import { isObject, type JsonObject } from '../../lib/json.js';
import type { Clock } from '../../ports/clock.js';
import { toUploadError, UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { readUserMessage } from '../../wire/gateway-error.js';
import { type Grant, type GrantRequest, parseGrant, parseGrantOrRefusal } from '../../wire/presigned.js';
import type { Backend } from './backend.js';

/** Error codes of refusals; the others are `http`. */
const REFUSALS: ReadonlyMap<string, UploadErrorCode> = new Map([
  ['too-large', 'too-large'],
  ['unauthorized', 'unauthorized'],
  ['forbidden', 'unauthorized'],
  ['payment-required', 'payment-required'],
  ['rate-limited', 'rate-limited'],
]);

const RETRIABLE: ReadonlySet<string> = new Set(['upstream', 'upstream-timeout', 'rate-limited']);

/** Longest wait for a batch to fill, in milliseconds. */
const HOLD_MS = 2_000;

interface Waiting {
  readonly request: GrantRequest;
  readonly settle: (outcome: Promise<Grant>) => void;
  /** The upload no longer waits for its grant. */
  hasLeft: boolean;
}

export class GrantBatcher {
  readonly #backend: Backend;
  readonly #batchSize: number;
  readonly #clock: Clock;
  /** Grants that arrived and are not used yet. */
  readonly #unused = new Set<Grant>();
  #waiting: Waiting[] = [];
  #isBusy = false;
  /** Ends the wait for a batch to fill. */
  #hold: AbortController | null = null;

  /** `batchSize` is the backend's `mintBatch`, or 1. */
  constructor(backend: Backend, batchSize: number, clock: Clock) {
    this.#backend = backend;
    this.#batchSize = Math.max(1, Math.floor(batchSize));
    this.#clock = clock;
  }

  /**
   * Uploads that should be open at once: half a batch being sent while the next one fills. Undefined without batches.
   */
  get window(): number | undefined {
    return this.#batchSize === 1 ? undefined : Math.ceil(this.#batchSize * 1.5);
  }

  /** Reports that the grant is being used, or will not be used. */
  used(grant: Grant): void {
    if (this.#unused.delete(grant) && this.#isDue()) this.#hold?.abort();
  }

  /** @throws UploadError */
  grant(facts: UploadFacts, options: CallOptions): Promise<Grant> {
    const request: GrantRequest = {
      filename: facts.name,
      contentType: facts.type,
      size: facts.size,
      ...(facts.relativePath !== facts.name && { relativePath: facts.relativePath }),
      ...(facts.metadata !== null && { metadata: facts.metadata }),
    };
    return this.#batchSize === 1 ? this.#single(request, options) : this.#shared(request, options);
  }

  async #shared(request: GrantRequest, { signal }: CallOptions): Promise<Grant> {
    signal.throwIfAborted();
    let settle: Waiting['settle'] = () => {};
    const settled = new Promise<Grant>((resolve) => {
      settle = resolve;
    });
    const waiting: Waiting = { request, settle, hasLeft: false };
    this.#waiting.push(waiting);
    if (this.#isDue()) this.#hold?.abort();
    if (!this.#isBusy) void this.#work();
    try {
      return await abortable(settled, signal);
    } finally {
      waiting.hasLeft = true;
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    }
  }

  #isDue(): boolean {
    return this.#waiting.length >= this.#batchSize || this.#unused.size <= this.#batchSize / 2;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // Collects the requests of uploads that start in the same task.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (!this.#isDue()) await this.#untilDue();
      const batch = this.#waiting.splice(0, this.#batchSize);
      if (batch.length === 0) break;
      const grants = this.#batch(batch.map(({ request }) => request));
      const outcomes = batch.map(async (waiting, index) => {
        const grant = granted((await grants)[index]);
        if (!waiting.hasLeft) this.#unused.add(grant);
        return grant;
      });
      batch.forEach(({ settle }, index) => {
        settle(outcomes[index] as Promise<Grant>);
      });
      await Promise.allSettled(outcomes);
    }
    this.#isBusy = false;
  }

  /** Limited to `HOLD_MS`, because grants of paused uploads stay unused. */
  async #untilDue(): Promise<void> {
    const hold = new AbortController();
    this.#hold = hold;
    await this.#clock.delay(HOLD_MS, hold).catch(() => {});
    this.#hold = null;
  }

  async #single(request: GrantRequest, options: CallOptions): Promise<Grant> {
    const [answer, clockAhead] = await this.#ask(request, options);
    const grant = parseGrant(answer);
    if (grant !== null) return granted(this.#checked(grant, clockAhead));
    throw new UploadError('protocol', 'the backend answered without uploadUrl and fileId');
  }

  /** Takes no upload's signal, because one request serves several uploads; the transport's timeout limits it. */
  async #batch(requests: readonly GrantRequest[]): Promise<(Grant | UploadError)[]> {
    const [{ grants }, clockAhead] = await this.#ask({ files: requests }, { signal: never() });
    if (!Array.isArray(grants)) throw new UploadError('protocol', 'the backend answered without a grant');
    return grants.map((answer: unknown) => {
      const value = parseGrantOrRefusal(answer);
      if ('uploadUrl' in value) return this.#checked(value, clockAhead);
      const { code } = value;
      const retriable = RETRIABLE.has(code);
      return new UploadError(REFUSALS.get(code) ?? 'http', 'the backend refuses the file', {
        retriable,
        ...(!retriable && isObject(answer) && { userMessage: readUserMessage(answer) }),
      });
    });
  }

  /** The answer, and how far the page's clock is ahead of the server's. */
  async #ask(json: unknown, options: CallOptions): Promise<[JsonObject, number]> {
    const backend = this.#backend;
    const response = await backend.ask({ method: 'POST', url: backend.endpoint, json }, options);
    return [backend.readJson(response), backend.clockAhead(response)];
  }

  /** Converts the expiry to the page's clock; an error when `storageUrl` refuses the URL. */
  #checked(grant: Grant, clockAhead: number): Grant | UploadError {
    try {
      const { expiresAt } = grant;
      const uploadUrl = this.#backend.storageUrl(grant.uploadUrl);
      return { ...grant, uploadUrl, ...(expiresAt !== undefined && { expiresAt: expiresAt + clockAhead }) };
    } catch (error) {
      return toUploadError(error);
    }
  }
}

/** A missing grant is retriable: an answer may contain fewer grants than were requested. */
const granted = (answer: Grant | UploadError | undefined): Grant => {
  if (answer === undefined) throw new UploadError('network', 'the backend answered without a grant');
  if (answer instanceof UploadError) throw answer;
  return answer;
};
