/**
 * The receiver of webhooks: a `(Request) => Promise<Response>` at the URL to which the storage API delivers. Senders
 * repeat a message that was not answered 2xx. A message is remembered when its hooks have succeeded; repetitions are
 * then answered 200 without calling the hooks. A message whose hooks failed is processed again. While its hooks are
 * still running, a repetition is answered 503; hooks that run for more than a minute do not count, because on Workers
 * their code may just stop when the sender disconnects.
 */

import { badRequest, HttpError } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { BoundedMap } from '../limits/bounded-map.js';
import { report } from '../report.js';
import { checkOptions, type SeenStore, type VerifyOptions, verify } from './verify-webhook.js';
import { WebhookError } from './webhook-error.js';
import { type FileEvent, isFileEvent, type WebhookEvent } from './webhook-event.js';

/** Ids of files that webhooks have reported. One instance can use a `Set`; several need a shared store. */
export interface StoredFileIds {
  has(fileId: string): boolean | Promise<boolean>;
  add(fileId: string): unknown;
}

/** An event of a stored file, with its id. */
export type FileStoredEvent = FileEvent & { readonly fileId: string };

export interface WebhookHandlerOptions extends Omit<VerifyOptions, 'seen'> {
  /**
   * A store, not a function, which would remember a message before its hooks succeed. @default a memory of this
   * instance
   */
  readonly seen?: SeenStore;
  /**
   * Called for every event, before the sender is answered; senders wait for 15 to 30 seconds, so keep it fast. It may
   * be called again for a message, when a hook or `seen` failed, ran for a minute, or runs in another instance: make it
   * idempotent.
   */
  readonly onEvent?: (event: WebhookEvent) => void | Promise<void>;
  /** Called for `file.uploaded` with a file id. A repeated delivery may call it again: make it idempotent. */
  readonly onStored?: (event: FileStoredEvent) => void | Promise<void>;
  /**
   * The same object as the gateway's option of this name: `confirm` then reports a stored file even when the browser
   * lost the storage's answer or the gateway cannot reach the storage.
   */
  readonly storedFiles?: StoredFileIds;
  /** Called for each refused message and each failed hook. @default none */
  readonly onError?: (error: unknown, request: Request) => void | Promise<void>;
}

/** Ten minutes (the tolerance in both directions) at a hundred messages per second. */
const MAX_REMEMBERED = 60_000;
/** Longer than any useful tolerance; usually the number of messages is the limit. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** Twice the timeout of senders. */
const MAX_HOOK_MS = 60_000;

/** Creates the handler, which answers every request and never rejects. @throws TypeError when an option is invalid. */
export const createWebhookHandler = (options: WebhookHandlerOptions): ((request: Request) => Promise<Response>) => {
  checkOptions(options);
  const { seen = new SeenMemory() } = options;
  if (typeof seen !== 'object') throw new TypeError('seen of a handler must be a store with has() and add()');
  const running = new BoundedMap<true>(MAX_REMEMBERED, MAX_HOOK_MS);

  const receive = async (request: Request): Promise<Response> => {
    if (request.method !== 'POST') {
      throw new HttpError(405, 'bad-request', 'webhooks must be sent by POST', { headers: { Allow: 'POST' } });
    }
    const { event, key, expiresAt } = await verify(request, options);
    if (running.get(key)) return busy();
    running.set(key, true);
    try {
      if (await seen.has(key)) return received();
      await callHooks(event, options);
      await seen.add(key, expiresAt);
      return received();
    } finally {
      running.delete(key);
    }
  };

  return async (request) => {
    try {
      return await receive(request);
    } catch (error) {
      void report(error, request, options);
      return toRefusal(error).toResponse();
    }
  };
};

const received = (): Response => jsonAnswer({ received: true });

const busy = (): Response => new HttpError(503, 'internal', 'the message is still being processed').toResponse();

const callHooks = async (
  event: WebhookEvent,
  { onEvent, onStored, storedFiles }: WebhookHandlerOptions,
): Promise<void> => {
  await onEvent?.(event);
  if (!isFileEvent(event) || event.type !== 'file.uploaded') return;
  const { fileId } = event;
  if (fileId === undefined) return;
  await storedFiles?.add(fileId);
  await onStored?.({ ...event, fileId });
};

/** The reason for refusing a signature is only logged, not sent. */
const toRefusal = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  if (!(error instanceof WebhookError)) return new HttpError(500, 'internal', 'the webhook could not be processed');
  if (error.code === 'too-large') return new HttpError(413, 'too-large', error.message);
  if (error.code === 'unreadable') return badRequest(error.message);
  return new HttpError(401, 'unauthorized', 'the signature is not valid');
};

class SeenMemory implements SeenStore {
  readonly #keys = new BoundedMap<true>(MAX_REMEMBERED, REMEMBERED_MS);

  has(key: string): boolean {
    return this.#keys.get(key) === true;
  }

  add(key: string): void {
    this.#keys.set(key, true);
  }
}
