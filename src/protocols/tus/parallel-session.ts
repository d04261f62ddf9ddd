/** One upload on the server per part, which the last request concatenates (extension `concatenation`). */

import { MiB } from '../../lib/byte-size.js';
import { isUploadError } from '../../ports/errors.js';
import type {
  CallOptions,
  InspectOptions,
  Part,
  PartOptions,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../../ports/protocol.js';
import { concatenated } from './concatenated.js';
import { atPart, originOf } from './sequential-session.js';
import type { TusContext } from './tus-server.js';
import { TusUpload } from './tus-upload.js';

/** Few parts, because the last request lists all their URLs in one header. */
const PARTS = { sizes: 'free', minPartSize: 4 * MiB, maxParts: 50 } as const;

export class ParallelSession implements Session {
  readonly protocol = 'tus';
  readonly limits = PARTS;
  readonly #context: TusContext;
  readonly #facts: UploadFacts;
  readonly #urls: ReadonlyMap<number, string>;
  readonly #uploads = new Map<number, TusUpload>();

  /** `parts` is the value in the record; empty for a new session. */
  constructor(context: TusContext, facts: UploadFacts, parts: string) {
    const paths = Array.from(
      parts.matchAll(/(\d+)=(\S+)/g),
      ([, number, path = '']) => [Number(number), path] as const,
    );
    this.#context = context;
    this.#facts = facts;
    this.#urls = new Map(paths.map(([number, path]) => [number, context.backend.url(path)]));
  }

  get origin(): string {
    const [upload] = this.#uploads.values();
    return originOf(this.#context, upload?.url ?? null);
  }

  /** Null while nothing is created, and where the URL of an upload is not below the endpoint. */
  get record(): SessionRecord | null {
    const created = [...this.#uploads].filter(([, { url }]) => url !== null);
    const parts = created.map(([number, { path }]) => `${number}=${path ?? ''}`);
    return parts.length === 0 || parts.some((part) => part.endsWith('=')) ? null : { parts: parts.join(' ') };
  }

  async inspect({ signal, parts }: InspectOptions): Promise<readonly Receipt[]> {
    const receipts: Receipt[] = [];
    for (const part of parts) {
      const offset = await this.#offsetOf(part, { signal });
      if (offset === part.end - part.start) receipts.push({ number: part.number, size: offset });
      else if (offset > 0) receipts.push({ number: part.number, size: offset, isPartial: true });
    }
    return receipts;
  }

  async sendPart(part: Part, body: Blob, { signal, onProgress, onConfirmed }: PartOptions): Promise<Receipt> {
    try {
      const upload = this.#uploadOf(part);
      if (upload.url === null) await upload.create({ signal });
      const offset = await upload.offset({ signal });
      if (offset > 0) onConfirmed(offset);
      await upload.append(0, { body, signal, onProgress });
      return { number: part.number, size: body.size };
    } catch (error) {
      throw atPart(error, part);
    }
  }

  complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    const urls = receipts.map(({ number }) => this.#uploads.get(number)?.url ?? null);
    return concatenated(this.#context, { facts: this.#facts, urls }, options);
  }

  async cancel(options: CallOptions): Promise<void> {
    await Promise.all(Array.from(this.#uploads.values(), (upload) => upload.terminate(options)));
  }

  /** 0 when the server lost the part's upload, so that the part is sent again. */
  async #offsetOf(part: Part, options: CallOptions): Promise<number> {
    try {
      return await this.#uploadOf(part).offset(options);
    } catch (error) {
      if (!isUploadError(error) || error.code !== 'session-lost') throw error;
      this.#uploads.set(part.number, this.#partial(part));
      return 0;
    }
  }

  #uploadOf(part: Part): TusUpload {
    const upload = this.#uploads.get(part.number) ?? this.#partial(part, this.#urls.get(part.number));
    this.#uploads.set(part.number, upload);
    return upload;
  }

  #partial({ start, end }: Part, url: string | null = null): TusUpload {
    const about = { 'Upload-Concat': 'partial', 'Upload-Length': String(end - start) };
    return new TusUpload(this.#context, about, url);
  }
}
