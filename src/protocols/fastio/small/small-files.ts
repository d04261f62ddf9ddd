/**
 * Sends files that need no chunks: many in one request where the API accepts batches, otherwise each in its own
 * request. Neither needs a call to complete.
 */

import { isUploadError, UploadError, type UploadErrorCode } from '../../../ports/errors.js';
import type { ProgressOptions, UploadFacts } from '../../../ports/protocol.js';
import { type Checksum, checksumFields, createFields, parseCreated, type SessionId } from '../../../wire/fastio.js';
import { type BatchResult, manifestEntry, parseBatchResults } from '../../../wire/fastio-batch.js';
import { API_CODE } from '../../../wire/fastio-envelope.js';
import { type Context, declare, inSlot } from '../context.js';
import { FastioError, toFastioError } from '../failure.js';
import { Batcher, type Member } from './batcher.js';

export interface SmallFile {
  readonly facts: UploadFacts;
  readonly body: Blob;
  readonly checksum: Checksum | null;
}

/** The API's answer for one file. */
export interface Arrival {
  /** Null when the answer contains only the file id. */
  readonly id: SessionId | null;
  /** Null while the storage is still processing the file. */
  readonly fileId: string | null;
  /** Sessions of a batch are left to expire, because deleting them would take a request per file. */
  readonly isBatched: boolean;
  /** When it was sent, in milliseconds since 1970 by the API's clock; null where unknown. */
  readonly sentAt: number | null;
  /** What a gateway's hook returned for the stored file. */
  readonly result?: unknown;
}

/** The batch endpoint refused the file, but a request of its own may succeed. */
export const ALONE = 'alone';

/** An error concerns this file only, and is final. */
export type BatchOutcome = Arrival | UploadError | typeof ALONE;

export type BatchMember = Member<SmallFile, BatchOutcome>;

/** Final failures that a request for a single file would get as well. */
const FOR_ALL: ReadonlySet<UploadErrorCode> = new Set(['unauthorized', 'payment-required', 'configuration', 'cors']);

export class SmallFiles {
  readonly #context: Context;
  readonly #batcher: Batcher<SmallFile, BatchOutcome>;
  #takesBatches = true;

  constructor(context: Context) {
    this.#context = context;
    this.#batcher = new Batcher(context.clock, (files, options) => this.#sendTogether(files, options));
  }

  /** False once the API refused a batch for lack of a login, as in a share that accepts anonymous uploads. */
  get takesBatches(): boolean {
    return this.#takesBatches;
  }

  get batcher(): Batcher<SmallFile, BatchOutcome> {
    return this.#batcher;
  }

  /** @throws UploadError */
  async sendAlone({ facts, body, checksum }: SmallFile, options: ProgressOptions): Promise<Arrival> {
    const { api, target } = this.#context;
    const form = toForm({ ...createFields(declare(facts), target), ...checksumFields(checksum) });
    form.append('chunk', body.slice(0, body.size, facts.type), facts.name);
    let sentAt: number | null = null;
    const request = () => {
      sentAt = api.wallNow;
      return api.send({ path: 'upload/', form, size: body.size }, options);
    };
    const created = parseCreated(await inSlot(this.#context, facts, request, { ...options, bytes: body.size }));
    if (created === null) throw new UploadError('protocol', 'the server took a file without naming its session');
    return { ...created, fileId: created.fileId ?? null, isBatched: false, sentAt };
  }

  /** @throws UploadError when the whole request failed, retriable or with an error that applies to each file. */
  async #sendTogether(files: readonly SmallFile[], options: ProgressOptions): Promise<BatchOutcome[]> {
    if (files.length === 1 || !this.#takesBatches) return files.map(() => ALONE);
    const sentAt = this.#context.api.wallNow;
    try {
      const results = await this.#request(files, options);
      return files.map((_, index) => outcomeOf(results.get(index), sentAt));
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof FastioError && error.apiCode === API_CODE.loginRequired) this.#takesBatches = false;
      else if (!isUploadError(error) || error.retriable || FOR_ALL.has(error.code)) throw error;
      return files.map(() => ALONE);
    }
  }

  async #request(files: readonly SmallFile[], options: ProgressOptions): Promise<ReadonlyMap<number, BatchResult>> {
    const { api, target } = this.#context;
    const manifest = files.map(({ facts, checksum }, index) => manifestEntry(index, declare(facts), checksum));
    const form = toForm({
      ...(target.instanceId !== '' && { instance_id: target.instanceId }),
      ...(target.folderId !== '' && { folder_id: target.folderId }),
      manifest: JSON.stringify(manifest),
    });
    for (const [index, { facts, body }] of files.entries()) {
      form.append(`file_${index}`, body.slice(0, body.size, facts.type), facts.name);
    }
    const size = files.reduce((sum, { body }) => sum + body.size, 0);
    const request = () => api.send({ path: 'upload/batch/', form, size, isBatch: true }, options);
    const results = parseBatchResults(await inSlot(this.#context, files, request, { ...options, bytes: size }));
    if (results === null) throw new UploadError('protocol', 'the answer to a batch has no results');
    return results;
  }
}

/** A file that is missing in the answer, or refused with an unknown code, is sent again in its own request. */
const outcomeOf = (result: BatchResult | undefined, sentAt: number | null): BatchOutcome => {
  if (result === undefined) return ALONE;
  if (result.ok) return result.id === null && result.fileId === null ? ALONE : { ...result, isBatched: true, sentAt };
  const error = toFastioError(new UploadError('http', 'the server refused the file'), result);
  return error.code === 'http' ? ALONE : error;
};

const toForm = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};
