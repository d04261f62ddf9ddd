/**
 * The lock on a node while its content is replaced: acquired before the first request, kept alive by heartbeats while
 * requests run, released at the end, good or bad. A paused upload lets it run out and acquires it again.
 *
 * Only files can be locked, so an upload of a new file has nothing to lock. The lock belongs to a workspace; where a
 * gateway chooses that, the page cannot name it and the gateway is the one to lock.
 */

import { isUploadError, UploadError } from '../../ports/errors.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { LOCK_SECONDS, parseLockHolder, parseLockToken } from '../../wire/fastio-lock.js';
import { type Context, declare } from './context.js';
import { lockedError } from './failure.js';

/** Short, because a page that dies cannot release; three heartbeats may go wrong before it ends. */
const DURATION_S = LOCK_SECONDS.least * 2;
const BEAT_MS = (DURATION_S * 1000) / 4;
/** A release that takes longer is left to the end of the lock, in milliseconds. */
const RELEASE_MS = 10_000;
/** Which status a held lock is answered with is not documented. */
const HELD: ReadonlySet<number> = new Set([409, 423]);

export class NodeLock {
  readonly #context: Context;
  readonly #path: string;
  #token: string | null = null;
  /** On the clock that never jumps. */
  #expiresAt = 0;
  #acquiring: Promise<void> | null = null;
  /** Requests that run under the lock; the first of them starts the heart, the last stops it. */
  #holders = 0;
  #stopBeating = new AbortController();

  /** Null when the upload replaces no node, or none that the page can name. */
  static of(context: Context, facts: UploadFacts): NodeLock | null {
    const { replaces } = declare(facts);
    return replaces === undefined || context.target.instanceId === '' ? null : new NodeLock(context, replaces);
  }

  private constructor(context: Context, node: string) {
    const { instanceId, profileType = 'workspace' } = context.target;
    this.#context = context;
    this.#path = `${profileType}/${encodeURIComponent(instanceId)}/storage/${encodeURIComponent(node)}/lock/`;
  }

  /** Runs `work` under the lock; a final failure releases it. @throws UploadError `locked` */
  async hold<T>(work: () => Promise<T>, { signal }: CallOptions): Promise<T> {
    await this.#ensure({ signal });
    this.#holders += 1;
    if (this.#holders === 1) void this.#beat();
    try {
      return await work();
    } catch (error) {
      if (!signal.aborted && isUploadError(error) && !error.retriable) void this.release();
      throw error;
    } finally {
      this.#holders -= 1;
      if (this.#holders === 0) this.#stopBeating.abort();
    }
  }

  /** Best effort: what is not released runs out. The token goes in the query; in a body it would be ignored. */
  async release(): Promise<void> {
    const token = this.#token;
    this.#token = null;
    if (token === null) return;
    const call = { method: 'DELETE', path: this.#path, query: { lock_token: token }, keepalive: true } as const;
    const options = { signal: AbortSignal.timeout(RELEASE_MS), isPatient: true };
    await this.#context.api.control(call, options).catch(() => {});
  }

  async #ensure({ signal }: CallOptions): Promise<void> {
    if (this.#token !== null && this.#context.clock.now() < this.#expiresAt) return;
    this.#acquiring ??= this.#acquire({ signal }).finally(() => {
      this.#acquiring = null;
    });
    await this.#acquiring;
  }

  async #acquire(options: CallOptions): Promise<void> {
    const { api, clock } = this.#context;
    const expiresAt = clock.now() + DURATION_S * 1000;
    const form = { duration: String(DURATION_S) };
    try {
      const token = parseLockToken(await api.control({ method: 'POST', path: this.#path, form }, options));
      if (token === null) throw new UploadError('protocol', 'the server locked the file without a token');
      this.#token = token;
      this.#expiresAt = expiresAt;
    } catch (error) {
      throw isUploadError(error) && HELD.has(error.status ?? 0) ? await this.#whoHolds(error, options) : error;
    }
  }

  async #whoHolds({ status = 423 }: UploadError, options: CallOptions): Promise<UploadError> {
    const call = { method: 'GET', path: this.#path } as const;
    const payload = await this.#context.api.control(call, options).catch(() => ({}));
    options.signal.throwIfAborted();
    return lockedError(status, parseLockHolder(payload));
  }

  /** A heartbeat that fails is no reason to stop: the lock is advisory, and the next request acquires it again. */
  async #beat(): Promise<void> {
    const { api, clock } = this.#context;
    this.#stopBeating = new AbortController();
    const { signal } = this.#stopBeating;
    try {
      for (;;) {
        await clock.delay(BEAT_MS, { signal });
        const token = this.#token;
        if (token === null) return;
        const expiresAt = clock.now() + DURATION_S * 1000;
        const call = { method: 'POST', path: `${this.#path}heartbeat/`, form: { lock_token: token } } as const;
        await api.control(call, { signal });
        this.#expiresAt = expiresAt;
      }
    } catch {
      // The work is over, or the lock runs out.
    }
  }
}
