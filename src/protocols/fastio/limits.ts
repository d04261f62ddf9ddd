/** The limits of the target's plan, requested once per target. */

import { defined } from '../../lib/defined.js';
import { UploadError } from '../../ports/errors.js';
import type { CallOptions } from '../../ports/protocol.js';
import { MIN_CHUNK_SIZE, parseUploadLimits, type Target, type UploadLimits } from '../../wire/fastio.js';
import { SharedRequest } from '../shared/shared-request.js';
import type { FastioApi } from './api.js';

/** @throws UploadError `too-large` with the exceeded limit, before a byte is sent. */
export const assertFits = (size: number, limits: UploadLimits): void => {
  const { maxFileSize = Infinity, maxChunks = Infinity, maxChunkSize = Infinity } = limits;
  if (size > maxFileSize) {
    throw new UploadError('too-large', `${size} bytes are more than the plan's ${maxFileSize} for a file`);
  }
  if (size > maxChunks * maxChunkSize) {
    throw new UploadError(
      'too-large',
      `${size} bytes do not fit into the plan's ${maxChunks} chunks of at most ${maxChunkSize} bytes`,
    );
  }
};

/**
 * The limits for the engine's plan, which raises parts to at least `ceil(size / chunks)` bytes. Chunks of a fixed size
 * would limit the file: 35 chunks of 5 MiB hold only 175 MiB.
 */
export const chunkLimits = ({ maxChunks, maxChunkSize }: UploadLimits) => ({
  minPartSize: Math.min(MIN_CHUNK_SIZE, maxChunkSize ?? MIN_CHUNK_SIZE),
  ...defined({ maxPartSize: maxChunkSize, maxParts: maxChunks }),
});

export class LimitsCache {
  readonly #api: FastioApi;
  readonly #target: Target;
  /** Keyed by the node that is replaced; the key is empty for new files. */
  readonly #known = new Map<string, SharedRequest<UploadLimits>>();

  constructor(api: FastioApi, target: Target) {
    this.#api = api;
    this.#target = target;
  }

  get(replaces: string | undefined, options: CallOptions): Promise<UploadLimits> {
    const key = replaces ?? '';
    const limits = this.#known.get(key) ?? new SharedRequest((call) => this.#fetch(replaces, call));
    this.#known.set(key, limits);
    return limits.get(options);
  }

  async #fetch(replaces: string | undefined, options: CallOptions): Promise<UploadLimits> {
    const { instanceId, folderId } = this.#target;
    // The server accepts an action only together with a target.
    const query = instanceId !== '' && {
      action: replaces === undefined ? 'create' : 'update',
      instance_id: instanceId,
      ...defined({ file_id: replaces }),
      ...(replaces === undefined && folderId !== '' && { folder_id: folderId }),
    };
    const call = { method: 'GET', path: 'upload/limits/', ...(query && { query }) } as const;
    return parseUploadLimits(await this.#api.control(call, options));
  }
}
