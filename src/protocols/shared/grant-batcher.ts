/**
 * Gets grants. Where the backend takes several requests in one, those that come while one is on its way travel together
 * in the next; a lone one does not wait for company.
 */

import { abortable, never } from '../../lib/abortable.js';
import type { JsonObject } from '../../lib/json.js';
import { UploadError, type UploadErrorCode } from '../../ports/errors.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { type Grant, type MintRequest, parseGrant, parseGrantOrRefusal } from '../../wire/presigned.js';
import type { Backend } from './backend.js';

/** Refusals whose code has a meaning of its own here; the others are `http`. */
const REFUSALS: ReadonlyMap<string, UploadErrorCode> = new Map([
  ['too-large', 'too-large'],
  ['unauthorized', 'unauthorized'],
  ['forbidden', 'unauthorized'],
  ['payment-required', 'payment-required'],
  ['rate-limited', 'rate-limited'],
]);

const PASSING: ReadonlySet<string> = new Set(['upstream', 'upstream-timeout', 'rate-limited']);

interface Waiting {
  readonly request: MintRequest;
  readonly settle: (outcome: Promise<Grant>) => void;
}

export class GrantBatcher {
  readonly #backend: Backend;
  readonly #batchSize: number;
  #waiting: Waiting[] = [];
  #isBusy = false;

  /** `batchSize` as the backend announces it (`mintBatch`), 1 if it does not. */
  constructor(backend: Backend, batchSize: number) {
    this.#backend = backend;
    this.#batchSize = Math.max(1, Math.floor(batchSize));
  }

  /** @throws UploadError */
  grant(facts: UploadFacts, options: CallOptions): Promise<Grant> {
    const request: MintRequest = {
      filename: facts.name,
      contentType: facts.type,
      size: facts.size,
      ...(facts.relativePath !== facts.name && { relativePath: facts.relativePath }),
      ...(facts.metadata !== null && { metadata: facts.metadata }),
    };
    return this.#batchSize === 1 ? this.#single(request, options) : this.#shared(request, options);
  }

  /** In one request with those who ask in the same moment, or while another is under way. */
  async #shared(request: MintRequest, { signal }: CallOptions): Promise<Grant> {
    signal.throwIfAborted();
    const grant = new Promise<Grant>((settle) => this.#waiting.push({ request, settle }));
    if (!this.#isBusy) void this.#work();
    return abortable(grant, signal).finally(() => {
      this.#waiting = this.#waiting.filter((other) => other.request !== request);
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // Uploads that begin in the same moment ask in the same moment.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#batchSize);
      const grants = this.#batch(batch.map(({ request }) => request));
      batch.forEach(({ settle }, index) => {
        settle(grants.then((all) => granted(all[index])));
      });
      await grants.catch(() => {});
    }
    this.#isBusy = false;
  }

  async #single(request: MintRequest, options: CallOptions): Promise<Grant> {
    const [answer, clockAhead] = await this.#ask(request, options);
    const grant = parseGrant(answer);
    if (grant !== null) return granted(this.#checked(grant, clockAhead));
    throw new UploadError('protocol', 'the backend answered without uploadUrl and fileId');
  }

  /** No single upload's signal may end it: the grants of the others are in it. It ends by its own deadline. */
  async #batch(requests: readonly MintRequest[]): Promise<(Grant | UploadError)[]> {
    const [{ grants }, clockAhead] = await this.#ask({ files: requests }, { signal: never() });
    if (!Array.isArray(grants)) throw new UploadError('protocol', 'the backend answered without a grant');
    return grants.map((answer: unknown) => {
      const value = parseGrantOrRefusal(answer);
      if ('uploadUrl' in value) return this.#checked(value, clockAhead);
      const { code, message } = value;
      return new UploadError(REFUSALS.get(code) ?? 'http', message.slice(0, 200), { retriable: PASSING.has(code) });
    });
  }

  /** The answer, and how far the page's clock is ahead of the one that it was made by. */
  async #ask(json: unknown, options: CallOptions): Promise<[JsonObject, number]> {
    const backend = this.#backend;
    const response = await backend.ask({ method: 'POST', url: backend.endpoint, json }, options);
    return [backend.readJson(response), backend.clockAhead(response)];
  }

  /** Its end by the page's clock; `configuration` for a URL that must not be trusted with the file. */
  #checked(grant: Grant, clockAhead: number): Grant | UploadError {
    const url = this.#parse(grant.uploadUrl);
    const isSafe =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && !this.#backend.endpoint.startsWith('https:'));
    if (isSafe && url.username === '') {
      const { expiresAt } = grant;
      return { ...grant, uploadUrl: url.href, ...(expiresAt !== undefined && { expiresAt: expiresAt + clockAhead }) };
    }
    const where = url === null ? 'what is no URL' : `${url.protocol}//${url.host}, which is refused`;
    return new UploadError('configuration', `the backend grants an upload to ${where}`);
  }

  #parse(url: string): URL | null {
    try {
      return new URL(this.#backend.resolve(url));
    } catch {
      return null;
    }
  }
}

/** A batch may come back short: those left out ask again. */
const granted = (answer: Grant | UploadError | undefined): Grant => {
  if (answer === undefined) throw new UploadError('network', 'the backend answered without a grant');
  if (answer instanceof UploadError) throw answer;
  return answer;
};
