/**
 * Parts that go to a storage such as S3, each to a URL that the backend signs for it. The backend creates, lists, completes
 * and aborts, so no key and no XML reach the page, and a bucket that hides `ETag` does no harm.
 *
 * URLs are asked for by batches, a little ahead of the lanes: each further one only uses up its life. One that was refused,
 * or whose end has come by its own word, is signed anew and not counted as a retry.
 */

import { abortable, never } from '../lib/abortable.js';
import { defined } from '../lib/defined.js';
import { isUploadError, UploadError } from '../ports/errors.js';
import type {
  CallOptions,
  Part,
  PartLimits,
  PartOptions,
  PreparePartOptions,
  Protocol,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../ports/protocol.js';
import type { WireResponse } from '../ports/transport.js';
import { normalizeEtag } from '../wire/etag.js';
import {
  type MultipartChecksum,
  type MultipartOpenRequest,
  type MultipartSignPart,
  type PartUrl,
  parseMultipartOpenAnswer,
  parsePartUrls,
} from '../wire/multipart.js';
import { type Grant, parseGrant } from '../wire/presigned.js';
import { GrantedUploads } from './presigned.js';
import type { ProtocolContext } from './shared/definition.js';
import { DistinctGrants } from './shared/distinct-grants.js';
import { PartChecks } from './shared/part-checks.js';
import { isGood } from './shared/seen-origins.js';
import { SessionRoutes } from './shared/session-routes.js';
import { isEndingUrl, mayHaveExpired } from './shared/signed-url.js';
import { isRefusedUrl, toStorageError } from './shared/storage-answer.js';

/** `backend` has the endpoint that stands for `…/multipart`. */
export type MultipartOptions = Pick<ProtocolContext, 'backend' | 'clock' | 'hasher' | 'checksums' | 'confirmUrl'>;

/** Parts whose URLs are asked for together: more than lanes would only wait. */
const SIGNED_TOGETHER = 8;
/** With fewer URLs than this ahead, more are asked for. */
const SIGNED_AHEAD = 4;

export const multipart = (options: MultipartOptions): Protocol => {
  const { backend } = options;
  const sessions = new DistinctGrants();
  const ask = async (facts: UploadFacts, call: CallOptions & { readonly idempotencyKey?: string }) => {
    const { name, size, type, relativePath, metadata } = facts;
    const json: MultipartOpenRequest = {
      filename: name,
      size,
      content_type: type,
      ...(relativePath !== name && { relative_path: relativePath }),
      ...(metadata !== null && { metadata }),
    };
    const { signal, idempotencyKey } = call;
    const request = { method: 'POST', url: backend.endpoint, json, ...defined({ idempotencyKey }) } as const;
    return backend.call(request, { signal });
  };
  const granted = (grant: Grant | null): Grant => {
    if (grant === null) throw new UploadError('protocol', 'the backend answered without upload_id');
    return { ...grant, uploadUrl: backend.storageUrl(grant.uploadUrl) };
  };
  const grants = new GrantedUploads({
    ...options,
    protocol: 'multipart',
    mint: { grant: async (facts, call) => granted(parseGrant(await ask(facts, call))) },
  });
  return {
    name: 'multipart',
    open: async (facts, call) => {
      const answer = await ask(facts, call);
      const opened = parseMultipartOpenAnswer(answer);
      if (opened === null) return grants.open(facts, granted(parseGrant(answer)));
      const { uploadId, checksum, parts, expiresAt = null, hasUniformParts: _, ...limits } = opened;
      sessions.claim(uploadId, facts);
      const session = new MultipartSession(options, { uploadId, checksum, expiresAt, limits });
      session.add(parts, (number) => sizeOf(facts.size, limits.partSize, number));
      return session;
    },
    reopen: async (facts, _protocol, record) => {
      const { uploadId, checksum, expiresAt } = record;
      if (typeof uploadId !== 'string' || uploadId === '') return grants.reopen(facts, record);
      return new MultipartSession(options, {
        uploadId,
        checksum: checksum === 'md5' || checksum === 'sha256' ? checksum : null,
        expiresAt: typeof expiresAt === 'number' ? expiresAt : null,
        limits: Object.fromEntries(KEPT_LIMITS.flatMap((name) => (record[name] == null ? [] : [[name, record[name]]]))),
      });
    },
  };
};

/** Bytes of a part whose size the backend has fixed; undefined where it has not. */
const sizeOf = (size: number, partSize: number | undefined, number: number): number | undefined =>
  partSize === undefined ? undefined : Math.max(0, Math.min(partSize, size - (number - 1) * partSize));

/** Limits that a later page needs to cut further parts. */
const KEPT_LIMITS = ['partSize', 'minPartSize', 'maxPartSize', 'maxParts', 'maxParallel'] as const;

interface SessionInit {
  readonly uploadId: string;
  readonly checksum: MultipartChecksum | null;
  readonly expiresAt: number | null;
  readonly limits: PartLimits;
}

interface SignedPart extends PartUrl {
  /** Bytes for which the URL is good; undefined where the backend did not say. */
  readonly size: number | undefined;
  /** On the clock that never jumps. */
  readonly signedAt: number;
}

class MultipartSession implements Session {
  readonly protocol = 'multipart';
  /** All parts have one size, because some storages want that and because URLs are signed for sizes. */
  readonly limits: PartLimits;
  readonly expiresAt: number | null;
  /** Known with the first URL. */
  origin: string;
  readonly #options: MultipartOptions;
  readonly #uploadId: string;
  readonly #checksum: MultipartChecksum | null;
  readonly #routes: SessionRoutes;
  readonly #checks: PartChecks;
  readonly #stored: PartChecks;
  readonly #urls = new Map<number, SignedPart>();
  /** Parts whose URLs are being asked for. */
  readonly #signing = new Map<number, Promise<void>>();

  constructor(options: MultipartOptions, { uploadId, checksum, expiresAt, limits }: SessionInit) {
    const { backend, hasher, checksums } = options;
    this.#options = options;
    this.#uploadId = uploadId;
    this.#checksum = checksum;
    this.#routes = new SessionRoutes(backend, uploadId);
    this.#checks = new PartChecks(checksums ? hasher : null);
    this.#stored = new PartChecks(hasher);
    this.expiresAt = expiresAt;
    this.limits = limits;
    this.origin = backend.origin;
  }

  get record(): SessionRecord {
    const limits = KEPT_LIMITS.map((name) => [name, this.limits[name] ?? null]);
    const [uploadId, checksum, expiresAt] = [this.#uploadId, this.#checksum, this.expiresAt];
    return { uploadId, checksum, expiresAt, ...Object.fromEntries(limits) };
  }

  /** URLs that came; `sizeOf` tells for how many bytes each is good. @throws UploadError `configuration` */
  add(parts: readonly PartUrl[], sizeOf: (number: number) => number | undefined): void {
    const { backend, clock } = this.#options;
    for (const { number, url, headers } of parts) {
      const signed = { number, url: backend.storageUrl(url), headers, size: sizeOf(number), signedAt: clock.now() };
      this.#urls.set(number, signed);
      this.origin = new URL(signed.url).origin;
    }
  }

  async preparePart(part: Part, { signal, upcoming }: PreparePartOptions): Promise<void> {
    // The digest of a part is not known before it is read.
    if (this.#checksum === 'sha256') return;
    const isMissing = (other: Part) => this.#urlOf(other) === null && !this.#signing.has(other.number);
    const next = upcoming(SIGNED_TOGETHER - 1).filter(isMissing);
    if (this.#urlOf(part) !== null) {
      if (next.length > SIGNED_TOGETHER - 1 - SIGNED_AHEAD) void this.#sign(next.map(toSignPart)).catch(() => {});
      return;
    }
    if (isMissing(part)) void this.#sign([part, ...next].map(toSignPart)).catch(() => {});
    await abortable(this.#signing.get(part.number) ?? Promise.resolve(), signal);
  }

  inspect(options: CallOptions): Promise<readonly Receipt[] | null> {
    return this.#routes.inspect(options);
  }

  verifyPart(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean> {
    return this.#stored.verifyPart(receipt, body, options);
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    try {
      return await this.#checks.during(part, body, options, () => this.#put(part, body, options));
    } catch (error) {
      throw isUploadError(error) ? error.with({ partNumber: part.number }) : error;
    }
  }

  complete(receipts: readonly Receipt[], options: CallOptions): Promise<UploadResult> {
    return this.#routes.complete(receipts, options);
  }

  cancel(options: CallOptions): Promise<void> {
    return this.#routes.cancel(options);
  }

  async #put(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const { backend, clock } = this.#options;
    const [digest, own] = await this.#digestOf(body, options);
    for (let isRenewed = false; ; isRenewed = true) {
      const { url, headers, signedAt } = await this.#freshUrl(part, digest, options);
      // Without a type, which a whole file would bring along and no signature covers.
      const request = { method: 'PUT', url, headers: { ...own, ...headers }, body: body.slice(0, body.size) } as const;
      const response = await backend.sendToStorage(request, options).catch((error: unknown): WireResponse | null => {
        if (isRenewed || !mayHaveExpired(error, url, clock.now() - signedAt)) throw error;
        return null;
      });
      if (response !== null && isGood(response)) {
        const etag = normalizeEtag(response.header('etag'));
        return { number: part.number, size: body.size, ...defined({ etag }) };
      }
      if (response !== null && !isRefusedUrl(response)) throw toStorageError(backend.errorOf(response), response);
      this.#urls.delete(part.number);
      if (response === null || !isRenewed) continue;
      const { status } = response;
      throw new UploadError('grant-expired', 'the storage refused two URLs in a row', { status });
    }
  }

  /** The digest that goes with the request for the URL, and the header that goes with the part. */
  async #digestOf(body: Blob, options: CallOptions): Promise<[string | undefined, Record<string, string>]> {
    const { hasher } = this.#options;
    if (this.#checksum === 'sha256') return [toBase64(await hasher.sha256(await read(body))), {}];
    const md5 = this.#checksum === 'md5' ? toBase64(await hasher.md5?.(body, options)) : undefined;
    return [undefined, defined({ 'Content-MD5': md5 }) as Record<string, string>];
  }

  async #freshUrl(part: Part, checksum: string | undefined, { signal }: CallOptions): Promise<SignedPart> {
    const known = this.#urlOf(part);
    if (known !== null) return known;
    await abortable(this.#sign([{ ...toSignPart(part), ...defined({ checksum }) }]), signal);
    const signed = this.#urls.get(part.number);
    if (signed === undefined) throw new UploadError('protocol', 'the backend answered without the URL of the part');
    return signed;
  }

  /** Null where the URL is missing, will soon be over, or was signed for another length. */
  #urlOf({ number, start, end }: Part): SignedPart | null {
    const signed = this.#urls.get(number);
    if (signed === undefined || (signed.size !== undefined && signed.size !== end - start)) return null;
    return isEndingUrl(signed.url, this.#options.clock.now() - signed.signedAt) ? null : signed;
  }

  /** A signal would end it for the other parts in it; it ends by its own deadline. */
  #sign(parts: readonly MultipartSignPart[]): Promise<void> {
    const { backend } = this.#options;
    const call = { method: 'POST', url: this.#routes.url('sign'), json: { parts } } as const;
    const signing = backend
      .ask(call, { signal: never() })
      .then((response) => {
        const sizes = new Map(parts.map(({ part_number, size }) => [part_number, size]));
        const answer = backend.readJson(this.#routes.expectKnown(response));
        this.add(parsePartUrls(answer.parts), (number) => sizes.get(number));
      })
      .finally(() => {
        for (const { part_number } of parts) this.#signing.delete(part_number);
      });
    for (const { part_number } of parts) this.#signing.set(part_number, signing);
    return signing;
  }
}

const toSignPart = ({ number, start, end }: Part): MultipartSignPart => ({ part_number: number, size: end - start });

/** Of a digest in hex, as S3 has it in headers; undefined where none could be made. */
const toBase64 = (hex: string | null | undefined): string | undefined =>
  hex == null ? undefined : btoa(hex.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))));

const read = (body: Blob): Promise<ArrayBuffer> =>
  body.arrayBuffer().catch((cause: unknown) => {
    throw new UploadError('network', 'the file could not be read', { cause });
  });
