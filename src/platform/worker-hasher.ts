/**
 * MD5 off the main thread, by one worker per page that is started on demand and terminated when idle. Where no worker
 * can run (a content security policy, a copy of this package from another origin, Node), the page digests the pieces
 * itself, one body at a time; other tasks run while it reads the next piece.
 */

import { abortable } from '../lib/abortable.js';
import { UploadError } from '../ports/errors.js';
import type { HashAnswer, HashRequest } from './hash-worker.js';

/** The worker is terminated after this many milliseconds without work. */
const IDLE_MS = 10_000;

interface PendingDigest {
  readonly body: Blob;
  readonly signal: AbortSignal;
  readonly resolve: (digest: string | Promise<string>) => void;
  readonly reject: (error: UploadError) => void;
}

/** The Trusted Types API of a page that restricts script URLs. */
interface ScriptUrlPolicies {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (text: string) => string },
  ): { createScriptURL(text: string): string };
}

/** The only URL that the policy allows. */
const workerUrl = (): string => new URL('./hash-worker.js', import.meta.url).href;

let policy: ReturnType<ScriptUrlPolicies['createPolicy']> | undefined;

/** @throws where the page forbids workers or the policy `fastio-upload`. */
const startWorker = (): Worker => {
  const { trustedTypes } = globalThis as typeof globalThis & { readonly trustedTypes?: ScriptUrlPolicies };
  policy ??= trustedTypes?.createPolicy('fastio-upload', { createScriptURL: workerUrl });
  return new Worker(policy?.createScriptURL('') ?? workerUrl(), { type: 'module', name: 'fastio-upload' });
};

const unreadable = (cause?: unknown): UploadError =>
  new UploadError('network', 'the file can no longer be read', { cause });

export class WorkerHasher {
  readonly #start: () => Worker;
  readonly #pending = new Map<number, PendingDigest>();
  #worker: Worker | null = null;
  /** Removes the worker's listeners. */
  #listeners = new AbortController();
  #mayStart = true;
  #lastId = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** Settles when the page has digested its last body. */
  #inPage: Promise<unknown> = Promise.resolve();

  constructor(start: () => Worker = startWorker) {
    this.#start = start;
  }

  /** See `Hasher`. */
  async md5(body: Blob, { signal }: { readonly signal: AbortSignal }): Promise<string> {
    signal.throwIfAborted();
    const worker = this.#ready();
    if (worker === null) return this.#digestInPage(body, signal);
    clearTimeout(this.#idle);
    const id = ++this.#lastId;
    const digest = new Promise<string>((resolve, reject) => {
      this.#pending.set(id, { body, signal, resolve, reject });
      worker.postMessage({ id, body } satisfies HashRequest);
    });
    try {
      return await abortable(digest, signal);
    } catch (error) {
      if (this.#pending.delete(id)) this.#worker?.postMessage({ id } satisfies HashRequest);
      throw error;
    } finally {
      this.#endWhenIdle();
    }
  }

  #ready(): Worker | null {
    if (this.#worker !== null || !this.#mayStart) return this.#worker;
    try {
      this.#worker = this.#listen(this.#start());
    } catch {
      this.#mayStart = false;
    }
    return this.#worker;
  }

  #listen(worker: Worker): Worker {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    worker.addEventListener('message', ({ data }: MessageEvent<HashAnswer>) => this.#settle(data), { signal });
    for (const name of ['error', 'messageerror']) worker.addEventListener(name, () => this.#fallBack(), { signal });
    return worker;
  }

  #settle({ id, digest }: HashAnswer): void {
    const entry = this.#pending.get(id);
    this.#pending.delete(id);
    if (digest === null) entry?.reject(unreadable());
    else entry?.resolve(digest);
  }

  /** Digests all pending and later bodies in the page, because the worker's file did not load or may not run. */
  #fallBack(): void {
    this.#mayStart = false;
    this.#end();
    for (const { body, signal, resolve } of this.#pending.values()) resolve(this.#digestInPage(body, signal));
    this.#pending.clear();
  }

  async #digestInPage(body: Blob, signal: AbortSignal): Promise<string> {
    const turn = this.#inPage;
    const digest = turn.then(async () => {
      const { md5Of } = await import('./hash-worker.js');
      return md5Of(body, { signal });
    });
    this.#inPage = digest.catch(() => {});
    return digest.catch((cause: unknown) => {
      signal.throwIfAborted();
      throw unreadable(cause);
    });
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#pending.size === 0 && this.#worker !== null) this.#idle = setTimeout(() => this.#end(), IDLE_MS);
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#listeners.abort();
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/** Shared by all engines of the page. */
const pageHasher = new WorkerHasher();

export const md5 = (body: Blob, options: { readonly signal: AbortSignal }): Promise<string> =>
  pageHasher.md5(body, options);
