/**
 * Locks a node while its content is replaced: acquired before the first request, kept by heartbeats while requests run,
 * and released at the end or after a final failure. A paused upload lets the lock expire and acquires it again.
 *
 * Only existing files can be locked, so uploads of new files have no lock. The path of a lock contains the workspace;
 * where a gateway chooses the workspace, the gateway has to lock.
 */

import { abortable } from '../../lib/abortable.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { LOCK_SECONDS, type LockHolder, parseLockHolder, parseLockToken } from '../../wire/fastio-file-lock.js';
import { type Context, declare } from './context.js';
import { lockedError } from './failure.js';

/** Short, because a closed page cannot release its lock; it survives three failed heartbeats. */
const DURATION_S = LOCK_SECONDS.min * 2;
const DURATION_MS = DURATION_S * 1000;
const BEAT_MS = DURATION_MS / 4;
/** Time limit for a release, in milliseconds; after it the lock expires. */
const RELEASE_MS = 10_000;
/** Statuses for a lock that another holder has; the API does not document which it sends. */
const HELD: ReadonlySet<number> = new Set([409, 423]);
/** Answers to a heartbeat when the lock has expired or has another holder. */
const ENDED: ReadonlySet<number> = new Set([404, ...HELD]);
/** Shortest wait for a lock whose token this page lost, in milliseconds. */
const MIN_WAIT_MS = 1000;

type LockContext = Pick<Context, 'api' | 'target' | 'clock' | 'lostLocks' | 'releases'>;

export class FileLock {
  readonly #context: LockContext;
  readonly #path: string;
  #token: string | null = null;
  /** By `clock.now()`. */
  #expiresAt = 0;
  /**
   * When the next heartbeat is due, by `clock.now()`; kept between requests, which may be shorter than the interval.
   */
  #beatAt = 0;
  #acquiring: Promise<void> | null = null;
  /** Requests that run under the lock: the first starts the heartbeats, the last stops them. */
  #holders = 0;
  #stopBeating = new AbortController();

  /** Null when the upload replaces no node, or when the workspace is not known. */
  static of(context: LockContext, facts: UploadFacts): FileLock | null {
    const { replaces } = declare(facts);
    return replaces === undefined || context.target.instanceId === '' ? null : new FileLock(context, replaces);
  }

  private constructor(context: LockContext, node: string) {
    const { instanceId, profileType = 'workspace' } = context.target;
    this.#context = context;
    this.#path = `${profileType}/${encodeURIComponent(instanceId)}/storage/${encodeURIComponent(node)}/lock/`;
  }

  /** Records that a lock of this page may remain whose token is lost, so that a new attempt waits until it expires. */
  rememberLost(): void {
    this.#context.lostLocks.set(this.#path, this.#context.clock.now() + DURATION_MS);
  }

  /**
   * Runs `work` under the lock; a final failure releases it.
   * @throws UploadError `locked`; retriable while the lock may be one whose token this page lost.
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

  /** Errors are ignored, because the lock expires. The token is in the query, because the API ignores it in a body. */
  async release(): Promise<void> {
    const { api, releases } = this.#context;
    const token = this.#token;
    this.#token = null;
    if (token === null) return;
    const call = { method: 'DELETE', path: this.#path, query: { lock_token: token }, keepalive: true } as const;
    const options = { signal: AbortSignal.timeout(RELEASE_MS), isPatient: true };
    const released = api.control(call, options).then(
      () => {},
      () => this.rememberLost(),
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
    // Waits for the release in flight, or this page's own lock would refuse the request.
    await abortable(Promise.resolve(releases.get(this.#path)), options.signal);
    const begunAt = clock.now();
    const form = { duration: String(DURATION_S) };
    // A lock that has expired by this clock may last a moment longer on the server.
    if (this.#token !== null) this.rememberLost();
    try {
      const token = parseLockToken(await api.control({ method: 'POST', path: this.#path, form }, options));
      if (token === null) throw new UploadError('protocol', 'the server locked the file without a token');
      this.#token = token;
      this.#expiresAt = begunAt + DURATION_MS;
      this.#beatAt = begunAt + BEAT_MS;
      lostLocks.delete(this.#path);
    } catch (error) {
      const status = statusOf(error);
      if (isUploadError(error) && HELD.has(status)) throw await this.#heldError(error, options);
      // Unless the server refused, the lost answer may have contained the token.
      if (status < 400 || status >= 500) this.rememberLost();
      throw error;
    }
  }

  async #heldError({ status = 423 }: UploadError, options: CallOptions): Promise<UploadError> {
    const call = { method: 'GET', path: this.#path } as const;
    const payload = await this.#context.api.control(call, options).catch(() => ({}));
    options.signal.throwIfAborted();
    const holder = parseLockHolder(payload);
    return lockedError(status, holder, this.#waitMs(holder));
  }

  /** Remaining milliseconds of a lock whose token this page lost; undefined when it has another holder. */
  #waitMs({ expiresAt }: LockHolder): number | undefined {
    const { clock, lostLocks } = this.#context;
    const mostMs = (lostLocks.get(this.#path) ?? Number.NEGATIVE_INFINITY) - clock.now();
    const leftMs = expiresAt === null ? mostMs : expiresAt - clock.wallNow();
    if (mostMs <= 0 || leftMs > DURATION_MS) return undefined;
    return Math.max(MIN_WAIT_MS, Math.min(leftMs, mostMs));
  }

  /** Sends heartbeats while requests run under the lock; a failed one does not end them. */
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
      // `hold` aborted `stop`.
    }
  }

  /** A lost lock stops no request, because locks are advisory; the next request acquires it again. */
  async #prolong(token: string): Promise<void> {
    const { api, clock } = this.#context;
    const expiresAt = clock.now() + DURATION_MS;
    const call = { method: 'POST', path: `${this.#path}heartbeat/`, form: { lock_token: token } } as const;
    try {
      // Not aborted with the request under the lock, because the next request may need the renewed lock.
      await api.control(call, { signal: AbortSignal.timeout(BEAT_MS) });
      if (this.#token === token) this.#expiresAt = expiresAt;
    } catch (error) {
      if (ENDED.has(statusOf(error)) && this.#token === token) this.#token = null;
    }
  }
}

/** 0 when no answer came. */
const statusOf = (error: unknown): number => (isUploadError(error) ? (error.status ?? 0) : 0);
