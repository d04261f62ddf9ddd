/**
 * An upload whose slices another client has begun as uploads of their own (`parallelUploads` of tus-js-client). The
 * slices keep their boundaries, so the engine sees one part, and what each slice lacks is sent in order; the last
 * request concatenates them.
 */

import type {
  CallOptions,
  Part,
  PartOptions,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../../ports/protocol.js';
import { concatenated } from './concatenated.js';
import { atPart, MAX_BODY_BYTES, originOf } from './sequential-session.js';
import type { TusContext } from './tus-server.js';
import { TusUpload } from './tus-upload.js';

interface Slice {
  readonly upload: TusUpload;
  readonly start: number;
  readonly end: number;
}

export class BegunSession implements Session {
  readonly protocol = 'tus';
  readonly limits = { maxParts: 1 };
  readonly #context: TusContext;
  readonly #facts: UploadFacts;
  readonly #slices: readonly Slice[];

  /** Null when the server no longer has all slices, or when they are not those of the file. */
  static async find(
    context: TusContext,
    { facts, urls }: { readonly facts: UploadFacts; readonly urls: readonly string[] },
    options: CallOptions,
  ): Promise<BegunSession | null> {
    const slices: Slice[] = [];
    let start = 0;
    for (const url of urls) {
      const upload = new TusUpload(context, {}, url);
      const length = (await upload.head(url, options)).header('upload-length');
      const end = start + Number(length ?? Number.NaN);
      slices.push({ upload, start, end });
      start = end;
    }
    return start === facts.size ? new BegunSession(context, facts, slices) : null;
  }

  private constructor(context: TusContext, facts: UploadFacts, slices: readonly Slice[]) {
    this.#context = context;
    this.#facts = facts;
    this.#slices = slices;
  }

  get origin(): string {
    return originOf(this.#context, this.#slices[0]?.upload.url ?? null);
  }

  /** Null where the URL of a slice is not below the endpoint. */
  get record(): SessionRecord | null {
    const paths = this.#slices.map(({ upload }) => upload.path);
    return paths.includes(null) ? null : { begun: paths.join(' ') };
  }

  async inspect(options: CallOptions): Promise<readonly Receipt[]> {
    const size = await this.#storedBytes(options);
    return size === 0 ? [] : [{ number: 1, size, ...(size < this.#facts.size && { isPartial: true }) }];
  }

  async sendPart(part: Part, body: Blob, { signal, onProgress, onConfirmed }: PartOptions): Promise<Receipt> {
    try {
      for (const { upload, start, end } of this.#slices) {
        for (let offset = await upload.offset({ signal }); offset < end - start; ) {
          const stored = await this.#storedBytes({ signal });
          onConfirmed(stored);
          const data = body.slice(start + offset, Math.min(end, start + offset + MAX_BODY_BYTES));
          const onSent = (sent: number) => onProgress(stored + sent);
          offset = await upload.append(offset, { body: data, signal, onProgress: onSent });
        }
      }
      return { number: part.number, size: body.size };
    } catch (error) {
      throw atPart(error, part);
    }
  }

  complete(_receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    const urls = this.#slices.map(({ upload }) => upload.url);
    return concatenated(this.#context, { facts: this.#facts, urls }, options);
  }

  async cancel(options: CallOptions): Promise<void> {
    await Promise.all(this.#slices.map(({ upload }) => upload.terminate(options)));
  }

  async #storedBytes(options: CallOptions): Promise<number> {
    const offsets = await Promise.all(this.#slices.map(({ upload }) => upload.offset(options)));
    return offsets.reduce((sum, offset) => sum + offset, 0);
  }
}
