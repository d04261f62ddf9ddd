/**
 * Notifies a receiver of every stored file. Documented: success is a 2xx within 30 seconds, otherwise delivery is
 * retried for up to 24 hours with growing delays (the first signature article). Assumed: the delays, that a redirect is
 * a failure, and that each attempt is signed with its own time.
 */

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { abortableDelay } from '../../lib/abortable.js';
import { joinSignals } from '../../lib/joint-signal.js';
import type { StoredFile } from '../disk/object-store.js';
import { signWebhook } from './sign-webhook.js';
import type { WebhookDelivery, WebhookEvent, WebhookOptions } from './webhook-options.js';

const RETRY_DELAY_MS = 1000;
const RETRY_FOR_MS = 24 * 60 * 60 * 1000;
const TIMEOUT_MS = 30_000;
const MAX_DELIVERIES = 10_000;

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

const describe = (file: StoredFile, now: number): WebhookEvent => ({
  id: `evt_${randomUUID()}`,
  type: (file.version ?? 1) > 1 ? 'file.modified' : 'file.uploaded',
  created_at: Math.floor(now / 1000),
  data: {
    file_id: file.fileId,
    name: file.name,
    size: file.size,
    sha256: file.sha256,
    workspace_id: file.workspaceId,
    folder_id: file.folderId,
    relative_path: file.relativePath,
    version: file.version ?? 1,
  },
});

export class WebhookSender {
  readonly #options: WebhookOptions;
  readonly #now: () => number;
  readonly #closed = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #collected: WebhookEvent[] = [];
  #deliveries: WebhookDelivery[] = [];

  /** @throws Error for a receiver on another machine, or when there is no secret. */
  constructor(options: WebhookOptions, now: () => number) {
    if (!isLoopback(new URL(options.url).hostname))
      throw new Error('webhooks are sent to this machine only: use a loopback URL');
    if (options.secrets.length === 0) throw new Error('webhooks need a secret');
    this.#options = options;
    this.#now = now;
    // Each retry that waits listens until its time has come.
    setMaxListeners(0, this.#closed.signal);
  }

  /** The last 10,000 attempts, in order of sending. */
  list(): WebhookDelivery[] {
    return [...this.#deliveries];
  }

  announce(file: StoredFile): void {
    const { collect = 1, arrange = (events) => events } = this.#options;
    this.#collected.push(describe(file, this.#now()));
    if (this.#collected.length < collect) return;
    const events = arrange(this.#collected);
    this.#collected = [];
    this.#start(events);
  }

  clear(): void {
    this.#collected = [];
    this.#deliveries = [];
  }

  /** Aborts running deliveries and retries. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#running);
  }

  /** Sends first attempts one after the other, to keep the arranged order; retries run beside them. */
  #start(events: readonly WebhookEvent[]): void {
    const run = async () => {
      for (const event of events) {
        if (!(await this.#attempt(event, 1))) this.#track(this.#retry(event));
      }
    };
    this.#track(run());
  }

  #track(work: Promise<void>): void {
    const running = work.catch(() => {}).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #retry(event: WebhookEvent): Promise<void> {
    const { retryDelayMs = RETRY_DELAY_MS, retryForMs = RETRY_FOR_MS } = this.#options;
    let delayMs = retryDelayMs;
    for (let attempt = 2, waitedMs = delayMs; waitedMs <= retryForMs; attempt += 1, waitedMs += delayMs) {
      await abortableDelay(delayMs, this.#closed.signal);
      if (await this.#attempt(event, attempt)) return;
      delayMs *= 2;
    }
  }

  async #attempt(event: WebhookEvent, attempt: number): Promise<boolean> {
    const sentAt = this.#now();
    const body = JSON.stringify(event);
    const status = await this.#post(body, signWebhook(body, Math.floor(sentAt / 1000), this.#options));
    const { id: eventId, type, data } = event;
    this.#closed.signal.throwIfAborted();
    if (this.#deliveries.length >= MAX_DELIVERIES) this.#deliveries.splice(0, MAX_DELIVERIES / 10);
    this.#deliveries.push({ eventId, type, fileId: data.file_id, attempt, status, sentAt });
    return status >= 200 && status < 300;
  }

  /** Status of the answer, 0 without an answer. */
  async #post(body: string, signature: Record<string, string>): Promise<number> {
    const { url, timeoutMs = TIMEOUT_MS } = this.#options;
    // Not `AbortSignal.any`: Node may garbage-collect a timeout that nothing else refers to, and then it never comes.
    const stop = joinSignals(AbortSignal.timeout(timeoutMs), this.#closed.signal);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...signature },
        body,
        redirect: 'manual',
        signal: stop.signal,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    } finally {
      stop.release();
    }
  }
}
