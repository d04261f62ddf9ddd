/**
 * The receiver of webhooks: `(Request) => Promise<Response>`, to be mounted where the storage API delivers. Senders
 * repeat what was not answered with 2xx. So a message is only remembered when its hooks are through: then it is answered
 * with 200 and nothing else, while one whose hooks failed may come again, and one whose hooks are still at work, because
 * they take longer than its sender waits, is put off with 503. Not for ever: hooks that take too long may have come to
 * nothing, as on Workers, where code just stops when its sender leaves.
 */

import { badRequest, HttpError } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { BoundedMap } from '../limits/bounded-map.js';
import { report } from '../report.js';
import { checkOptions, type SeenStore, type VerifyOptions, verify } from './verify-webhook.js';
import { WebhookError } from './webhook-error.js';
import { type FileEvent, isFileEvent, type WebhookEvent } from './webhook-event.js';

/** Files that webhooks told of. A `Set` does for one instance; several need a store that they share. */
export interface StoredFileIds {
  has(fileId: string): boolean | Promise<boolean>;
  add(fileId: string): unknown;
}

/** Something was stored, and this is its id. */
export type FileStoredEvent = FileEvent & { readonly fileId: string };

export interface WebhookHandlerOptions extends Omit<VerifyOptions, 'seen'> {
  /** No function: it would remember a message before its hooks are through. @default a memory of this instance */
  readonly seen?: SeenStore;
  /**
   * Called for every event, before the sender is answered: be quick, senders wait some 15 to 30 seconds. Called again
   * for a message when a hook or `seen` failed, has been at work for a minute, or another instance is: be idempotent.
   */
  readonly onEvent?: (event: WebhookEvent) => void | Promise<void>;
  /** Called for `file.uploaded` with a file id. A later delivery of the same news calls it again: be idempotent. */
  readonly onStored?: (event: FileStoredEvent) => void | Promise<void>;
  /**
   * The same object as the gateway's option of this name: a browser that lost the answer of storage, or whose gateway
   * cannot reach it, then learns from `confirm` that its file is stored.
   */
  readonly storedFiles?: StoredFileIds;
  /** Told of each message that was refused and of each hook that failed. @default none */
  readonly onError?: (error: unknown, request: Request) => void | Promise<void>;
}

/** Ten minutes, five both ways, at a hundred messages a second. */
const MAX_REMEMBERED = 60_000;
/** Longer than any sane tolerance; the count ends the memory sooner. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** Twice what senders wait. */
const LONGEST_WORK_MS = 60_000;

/** @throws TypeError at once when the options are wrong. The handler itself answers everything and never rejects. */
export const createWebhookHandler = (options: WebhookHandlerOptions): ((request: Request) => Promise<Response>) => {
  checkOptions(options);
  const { seen = new SeenMemory() } = options;
  if (typeof seen !== 'object') throw new TypeError('seen of a handler is a store with has() and add()');
  const underWay = new BoundedMap<true>(MAX_REMEMBERED, LONGEST_WORK_MS);

  const receive = async (request: Request): Promise<Response> => {
    if (request.method !== 'POST') {
      throw new HttpError(405, 'bad-request', 'webhooks are posted', { headers: { Allow: 'POST' } });
    }
    const { event, key, expiresAt } = await verify(request, options);
    if (underWay.get(key)) return busy();
    underWay.set(key, true);
    try {
      if (await seen.has(key)) return received();
      await tell(event, options);
      await seen.add(key, expiresAt);
      return received();
    } finally {
      underWay.delete(key);
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

const busy = (): Response => new HttpError(503, 'internal', 'the message is still being worked on').toResponse();

const tell = async (event: WebhookEvent, { onEvent, onStored, storedFiles }: WebhookHandlerOptions): Promise<void> => {
  await onEvent?.(event);
  if (!isFileEvent(event) || event.type !== 'file.uploaded') return;
  const { fileId } = event;
  if (fileId === undefined) return;
  await storedFiles?.add(fileId);
  await onStored?.({ ...event, fileId });
};

/** What is wrong with a signature is told to the log alone. */
const toRefusal = (error: unknown): HttpError => {
  if (error instanceof HttpError) return error;
  if (!(error instanceof WebhookError)) return new HttpError(500, 'internal', 'the webhook was not taken');
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
