/** One upload on the server for the whole file. */

import { MiB } from '../../lib/byte-size.js';
import { isUploadError, UploadError } from '../../ports/errors.js';
import type {
  CallOptions,
  InspectOptions,
  Part,
  PartLimits,
  PartOptions,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../../ports/protocol.js';
import type { TusContext } from './tus-server.js';
import type { TusUpload } from './tus-upload.js';

/** Files up to this many bytes are one part, sent with the creation request where the server supports it. */
export const SMALL = MiB;

/** Proxies often refuse bodies above 100 MB. */
export const MAX_BODY_BYTES = 64 * MiB;
/** Large parts, because the server keeps the bytes of a broken request; the `partSize` option takes their place. */
const LARGE_PARTS: PartLimits = { minPartSize: 16 * MiB, maxPartSize: MAX_BODY_BYTES };

export const atPart = (error: unknown, { number: partNumber }: Part): unknown =>
  isUploadError(error) ? error.with({ partNumber }) : error;

export const originOf = ({ backend }: TusContext, url: string | null): string =>
  url === null ? backend.origin : new URL(url).origin;

export const resultOf = (upload: TusUpload): UploadResult => ({
  fileId: upload.path ?? upload.url?.split('/').pop() ?? '',
  response: null,
});

export class SequentialSession implements Session {
  readonly protocol = 'tus';
  readonly limits: PartLimits;
  readonly #context: TusContext;
  readonly #size: number;
  readonly #upload: TusUpload;

  constructor(context: TusContext, { size }: UploadFacts, upload: TusUpload) {
    this.#context = context;
    this.#size = size;
    this.#upload = upload;
    const parts = context.partSize === 'auto' ? LARGE_PARTS : {};
    this.limits = size <= SMALL ? { maxParts: 1 } : { maxParallel: 1, sizes: 'free', ...parts };
  }

  get origin(): string {
    return originOf(this.#context, this.#upload.url);
  }

  get expiresAt(): number | null {
    return this.#upload.expiresAt;
  }

  get record(): SessionRecord | null {
    const { path } = this.#upload;
    return path === null ? null : { path };
  }

  async inspect({ signal, parts }: InspectOptions): Promise<readonly Receipt[]> {
    const offset = await this.#upload.offset({ signal });
    const receipts: Receipt[] = [];
    for (const { number, start, end } of parts) {
      if (end <= offset) receipts.push({ number, size: end - start });
      else if (start < offset) receipts.push({ number, size: offset - start, isPartial: true });
    }
    return receipts;
  }

  async sendPart(part: Part, body: Blob, { signal, onProgress, onConfirmed }: PartOptions): Promise<Receipt> {
    try {
      const offset = await this.#upload.offset({ signal });
      if (offset > part.start) onConfirmed(Math.min(offset, part.end) - part.start);
      await this.#upload.append(part.start, { body, signal, onProgress });
      return { number: part.number, size: body.size };
    } catch (error) {
      throw atPart(error, part);
    }
  }

  async complete(_receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    if ((await this.#upload.offset(options)) === this.#size) return resultOf(this.#upload);
    throw new UploadError('part-mismatch', 'the server has not taken the whole file');
  }

  cancel(options: CallOptions): Promise<void> {
    return this.#upload.terminate(options);
  }
}
