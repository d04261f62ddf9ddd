/**
 * Sends parts to a storage such as S3, each to a URL that the backend signs. The backend creates, lists, completes and
 * aborts the upload, so the page needs neither keys nor XML, and the bucket need not expose `ETag`.
 *
 * URLs are requested in batches, only a little ahead of the lanes, because they expire. A URL that was refused or has
 * expired is signed again, which does not count as a retry.
 */

import { abortable, never } from '../lib/abortable.js';
import { MiB } from '../lib/byte-size.js';
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
import { loadChecking } from './chunked.js';
import { GrantedUploads } from './presigned.js';
import type { ProtocolContext } from './shared/definition.js';
import { DuplicateGuard } from './shared/duplicate-guard.js';
import type { PartChecks } from './shared/part-checks.js';
import { PartDigests, toBase64 } from './shared/part-digests.js';
import { isGood } from './shared/seen-origins.js';
import { SessionRoutes } from './shared/session-routes.js';
import { isEndingUrl, mayHaveExpired } from './shared/signed-url.js';
import { isRefusedUrl, toStorageError } from './shared/storage-answer.js';

/** The endpoint of `backend` corresponds to `…/multipart`. */
export type MultipartOptions = Pick<ProtocolContext, 'backend' | 'clock' | 'hasher' | 'checksums' | 'confirmUrl'>;

/** Parts that are signed and digested together, the next one included: more than there are lanes would only wait. */
const TOGETHER = 8;
/** More URLs are requested when more than this many of them are missing. */
const MISSING = 3;
/** For files above this many bytes the worker for digests, which ends when idle, starts while the session is opened. */
const LARGE = 5 * MiB;

export const multipart = (options: MultipartOptions): Protocol => {
  const { backend } = options;
  const sessions = new DuplicateGuard();
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
    grantSource: { grant: async (facts, call) => granted(parseGrant(await ask(facts, call))) },
  });
  return {
    name: 'multipart',
    open: async (facts, call) => {
      // An empty body starts the worker.
      if (facts.size > LARGE) void options.hasher.md5?.(new Blob(), call).catch(() => {});
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

/** Size of a part in bytes; undefined unless the backend fixed it. */
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
  /** Bytes that the URL was signed for; undefined where the backend did not report it. */
  readonly size: number | undefined;
  /** By `clock.now()`. */
  readonly signedAt: number;
}

class MultipartSession implements Session {
  readonly protocol = 'multipart';
  /** All parts have one size, because some storages require it and because URLs are signed for a size. */
  readonly limits: PartLimits;
  readonly expiresAt: number | null;
  /** The backend's until the first URL arrives, then the storage's. */
  origin: string;
  readonly #options: MultipartOptions;
  readonly #uploadId: string;
  readonly #checksum: MultipartChecksum | null;
  readonly #routes: SessionRoutes;
  readonly #digests: PartDigests;
  #checks: PartChecks | null = null;
  readonly #urls = new Map<number, SignedPart>();
  /** Sign requests in flight, by part number. */
  readonly #signing = new Map<number, Promise<void>>();

  constructor(options: MultipartOptions, { uploadId, checksum, expiresAt, limits }: SessionInit) {
    const { backend, hasher } = options;
    this.#options = options;
    this.#uploadId = uploadId;
    this.#checksum = checksum;
    this.#routes = new SessionRoutes(backend, uploadId);
    this.#digests = new PartDigests(hasher);
    this.expiresAt = expiresAt;
    this.limits = limits;
    this.origin = backend.origin;
  }

  get record(): SessionRecord {
    const limits = KEPT_LIMITS.map((name) => [name, this.limits[name] ?? null]);
    const [uploadId, checksum, expiresAt] = [this.#uploadId, this.#checksum, this.expiresAt];
    return { uploadId, checksum, expiresAt, ...Object.fromEntries(limits) };
  }

  /** Adds signed URLs; `sizeOf` returns the bytes that each was signed for. @throws UploadError `configuration` */
  add(parts: readonly PartUrl[], sizeOf: (number: number) => number | undefined): void {
    const { backend, clock } = this.#options;
    for (const { number, url, headers } of parts) {
      const signed = { number, url: backend.storageUrl(url), headers, size: sizeOf(number), signedAt: clock.now() };
      this.#urls.set(number, signed);
      this.origin = new URL(signed.url).origin;
    }
  }

  async preparePart(part: Part, { signal, upcoming, file }: PreparePartOptions): Promise<void> {
    // The digest has to be part of the sign request, and is known only when the part is read.
    if (this.#checksum === 'sha256') return;
    const parts = [part, ...upcoming(TOGETHER - 1)] as const;
    const isDigested = this.#checksum === 'md5';
    await Promise.all([this.#signAhead(parts, signal), isDigested && this.#digests.begin(parts, { signal, file })]);
  }

  inspect(options: CallOptions): Promise<readonly Receipt[] | null> {
    return this.#routes.inspect(options);
  }

  async verifyPart(receipt: Receipt, body: Blob, options: CallOptions): Promise<boolean> {
    return (await this.#loadChecks()).verifyPart(receipt, body, options);
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const send = () => this.#put(part, body, options);
    try {
      const checks = this.#options.checksums ? await this.#loadChecks() : null;
      return checks === null ? await send() : await checks.during(part, body, options, send);
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
    const [digest, own] = await this.#digestOf(part, body, options);
    for (let isRenewed = false; ; isRenewed = true) {
      const { url, headers, signedAt } = await this.#freshUrl(part, digest, options);
      // `slice` removes the type of the blob, which the signature does not cover.
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

  async #loadChecks(): Promise<PartChecks> {
    const { PartChecks } = await loadChecking();
    this.#checks ??= new PartChecks(this.#options.hasher);
    return this.#checks;
  }

  /** The digest for the sign request, and the headers for the part request. */
  async #digestOf(part: Part, body: Blob, options: CallOptions): Promise<[string | undefined, Record<string, string>]> {
    if (this.#checksum === 'sha256') return [toBase64(await this.#options.hasher.sha256(await read(body))), {}];
    const md5 = this.#checksum === 'md5' ? toBase64(await this.#digests.take(part, body, options)) : undefined;
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

  /** Null when there is no URL, when it is about to expire, or when it was signed for another size. */
  #urlOf({ number, start, end }: Part): SignedPart | null {
    const signed = this.#urls.get(number);
    if (signed === undefined || (signed.size !== undefined && signed.size !== end - start)) return null;
    return isEndingUrl(signed.url, this.#options.clock.now() - signed.signedAt) ? null : signed;
  }

  /** Waits for the URL of the first part. */
  async #signAhead([part, ...next]: readonly [Part, ...Part[]], signal: AbortSignal): Promise<void> {
    const areMissing = (parts: readonly Part[]) =>
      parts.filter((other) => this.#urlOf(other) === null && !this.#signing.has(other.number)).map(toSignPart);
    const [first] = areMissing([part]);
    if (first !== undefined) void this.#sign([first, ...areMissing(next)]).catch(() => {});
    if (this.#urlOf(part) === null) await abortable(this.#signing.get(part.number) ?? Promise.resolve(), signal);
    const missing = areMissing(next);
    if (missing.length > MISSING) void this.#sign(missing).catch(() => {});
  }

  /** Takes no signal, because one request serves several parts; the transport's timeout limits it. */
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

const read = (body: Blob): Promise<ArrayBuffer> =>
  body.arrayBuffer().catch((cause: unknown) => {
    throw new UploadError('network', 'the file could not be read', { cause });
  });
