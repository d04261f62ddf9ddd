/**
 * The lock on a node while its content is replaced: acquired before the first request, kept alive by heartbeats while
 * requests run, released at the end, good or bad. A paused upload lets it run out and acquires it again.
 *
 * Only files can be locked, so an upload of a new file has nothing to lock. The lock belongs to a workspace; where a
 * gateway chooses that, the page cannot name it and the gateway is the one to lock.
 */

import { abortable } from '../../lib/abortable.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { LOCK_SECONDS, type LockHolder, parseLockHolder, parseLockToken } from '../../wire/fastio-lock.js';
import { type Context, declare } from './context.js';
import { lockedError } from './failure.js';

/** Short, because a page that dies cannot release; three heartbeats may go wrong before it ends. */
const DURATION_S = LOCK_SECONDS.least * 2;
const DURATION_MS = DURATION_S * 1000;
const BEAT_MS = DURATION_MS / 4;
/** A release that takes longer is left to the end of the lock, in milliseconds. */
const RELEASE_MS = 10_000;
/** Which status a held lock is answered with is not documented. */
const HELD: ReadonlySet<number> = new Set([409, 423]);
/** Answers to a heartbeat of a lock that has ended, or has another holder now. */
const ENDED: ReadonlySet<number> = new Set([404, ...HELD]);
/** Soonest that a lock which may be ours is asked for again, in milliseconds. */
const LEAST_WAIT_MS = 1000;

type LockContext = Pick<Context, 'api' | 'target' | 'clock' | 'lostLocks' | 'releases'>;

export class NodeLock {
  readonly #context: LockContext;
  readonly #path: string;
  #token: string | null = null;
  /** On the clock that never jumps. */
  #expiresAt = 0;
  /** When the next heartbeat is due, on the same clock: requests under the lock may be shorter than that takes. */
  #beatAt = 0;
  #acquiring: Promise<void> | null = null;
  /** Requests that run under the lock; the first of them starts the heart, the last stops it. */
  #holders = 0;
  #stopBeating = new AbortController();

  /** Null when the upload replaces no node, or none that the page can name. */
  static of(context: LockContext, facts: UploadFacts): NodeLock | null {
    const { replaces } = declare(facts);
    return replaces === undefined || context.target.instanceId === '' ? null : new NodeLock(context, replaces);
  }

  private constructor(context: LockContext, node: string) {
    const { instanceId, profileType = 'workspace' } = context.target;
    this.#context = context;
    this.#path = `${profileType}/${encodeURIComponent(instanceId)}/storage/${encodeURIComponent(node)}/lock/`;
  }

  /** Says that there may be a lock of ours whose token is lost: it runs out by itself, and is waited for. */
  mayRemain(): void {
    this.#context.lostLocks.set(this.#path, this.#context.clock.now() + DURATION_MS);
  }

  /**
   * Runs `work` under the lock; a final failure releases it.
   * @throws UploadError `locked`; retriable while the lock may be one of ours that outlived its token.
   */
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
    const { api, releases } = this.#context;
    const token = this.#token;
    this.#token = null;
    if (token === null) return;
    const call = { method: 'DELETE', path: this.#path, query: { lock_token: token }, keepalive: true } as const;
    const options = { signal: AbortSignal.timeout(RELEASE_MS), isPatient: true };
    const released = api.control(call, options).then(
      () => {},
      () => this.mayRemain(),
    );
    releases.set(this.#path, released);
    await released;
    releases.delete(this.#path);
  }

  async #ensure({ signal }: CallOptions): Promise<void> {
    if (this.#token !== null && this.#context.clock.now() < this.#expiresAt) return;
    this.#acquiring ??= this.#acquire({ signal }).finally(() => {
      this.#acquiring = null;
    });
    await this.#acquiring;
  }

  async #acquire(options: CallOptions): Promise<void> {
    const { api, clock, lostLocks, releases } = this.#context;
    // Were the lock asked for before that is through, our own would keep us out.
    await abortable(Promise.resolve(releases.get(this.#path)), options.signal);
    const begunAt = clock.now();
    const form = { duration: String(DURATION_S) };
    // One that has run out here lasts a moment longer there.
    if (this.#token !== null) this.mayRemain();
    try {
      const token = parseLockToken(await api.control({ method: 'POST', path: this.#path, form }, options));
      if (token === null) throw new UploadError('protocol', 'the server locked the file without a token');
      this.#token = token;
      this.#expiresAt = begunAt + DURATION_MS;
      this.#beatAt = begunAt + BEAT_MS;
      lostLocks.delete(this.#path);
    } catch (error) {
      const status = statusOf(error);
      if (isUploadError(error) && HELD.has(status)) throw await this.#whoHolds(error, options);
      // Unless the server refused, the answer that was lost may have been the token.
      if (status < 400 || status >= 500) this.mayRemain();
      throw error;
    }
  }

  async #whoHolds({ status = 423 }: UploadError, options: CallOptions): Promise<UploadError> {
    const call = { method: 'GET', path: this.#path } as const;
    const payload = await this.#context.api.control(call, options).catch(() => ({}));
    options.signal.throwIfAborted();
    const holder = parseLockHolder(payload);
    return lockedError(status, holder, this.#waitMs(holder));
  }

  /** How long a lock that may be ours still lasts; undefined when it has another holder. */
  #waitMs({ expiresAt }: LockHolder): number | undefined {
    const { clock, lostLocks } = this.#context;
    const mostMs = (lostLocks.get(this.#path) ?? Number.NEGATIVE_INFINITY) - clock.now();
    const leftMs = expiresAt === null ? mostMs : expiresAt - clock.wallNow();
    if (mostMs <= 0 || leftMs > DURATION_MS) return undefined;
    return Math.max(LEAST_WAIT_MS, Math.min(leftMs, mostMs));
  }

  /** Beats while an upload works under the lock, whatever becomes of a single beat. */
  async #beat(): Promise<void> {
    const { clock } = this.#context;
    const stop = new AbortController();
    this.#stopBeating = stop;
    try {
      for (;;) {
        await clock.delay(Math.max(0, this.#beatAt - clock.now()), stop);
        this.#beatAt = clock.now() + BEAT_MS;
        if (this.#token !== null) await this.#prolong(this.#token);
      }
    } catch {
      // The work is over.
    }
  }

  /** The lock is advisory, so a lost one stops nothing: the next request acquires it again. */
  async #prolong(token: string): Promise<void> {
    const { api, clock } = this.#context;
    const expiresAt = clock.now() + DURATION_MS;
    const call = { method: 'POST', path: `${this.#path}heartbeat/`, form: { lock_token: token } } as const;
    try {
      // Not ended with the request that it beats for: another may follow, and need what it brings.
      await api.control(call, { signal: AbortSignal.timeout(BEAT_MS) });
      if (this.#token === token) this.#expiresAt = expiresAt;
    } catch (error) {
      if (ENDED.has(statusOf(error)) && this.#token === token) this.#token = null;
    }
  }
}

/** 0 when no answer came. */
const statusOf = (error: unknown): number => (isUploadError(error) ? (error.status ?? 0) : 0);
