import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type FileFacts, newId } from '../disk/object-store.js';
import { ApiError } from '../http/api-error.js';

/** A permission to store one file once. The URL carries its id, expiry and signature; the rest stays in memory. */
export interface Grant extends FileFacts {
  /** Declared exact size in bytes; null allows any size. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export type GrantRequest = Omit<Grant, 'fileId' | 'expiresAt'>;

const SWEEP_EVERY_MS = 60_000;

const forbidden = (code: string, message: string): ApiError => new ApiError(403, code, message);

/**
 * The valid grants, in memory: after a restart every URL is answered as one with a wrong signature, and clients fetch a
 * new one.
 */
export class Grants {
  readonly #secret = randomBytes(32);
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant>();
  #sweptAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(request: GrantRequest, ttlMs: number): Grant {
    this.#sweep();
    const grant = { ...request, fileId: newId('file'), expiresAt: this.#now() + ttlMs };
    this.#grants.set(grant.fileId, grant);
    return grant;
  }

  peek(fileId: string): Grant | undefined {
    return this.#grants.get(fileId);
  }

  /** The query of a grant's URL. */
  sign(grant: Grant): string {
    const query = { expires: String(grant.expiresAt), signature: this.#signatureOf(grant).toString('base64url') };
    return new URLSearchParams(query).toString();
  }

  /**
   * The grant of a request.
   * @throws ApiError 403 when the signature, method, expiry or content type is wrong.
   */
  redeem(fileId: string, claim: { method: string; query: URLSearchParams; contentType: string | null }): Grant {
    const grant = this.#grants.get(fileId);
    const signature = Buffer.from(claim.query.get('signature') ?? '', 'base64url');
    const expected = grant === undefined ? randomBytes(32) : this.#signatureOf(grant);
    const isGenuine = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (grant === undefined || !isGenuine || claim.query.get('expires') !== String(grant.expiresAt)) {
      throw forbidden('signature-invalid', 'the signature does not match the URL');
    }
    if (claim.method !== 'PUT') throw forbidden('method-mismatch', 'the URL is signed for PUT');
    if (this.#now() >= grant.expiresAt) throw forbidden('grant-expired', 'the URL has expired');
    if (claim.contentType !== grant.contentType) {
      throw forbidden('content-type-mismatch', 'the content type differs from the signed one');
    }
    return grant;
  }

  clear(): void {
    this.#grants.clear();
  }

  #signatureOf({ fileId, contentType, expiresAt }: Grant): Buffer {
    return createHmac('sha256', this.#secret).update(`PUT\n${fileId}\n${contentType}\n${expiresAt}`).digest();
  }

  /** Keeps grants for a while after expiry, so that a late request gets `grant-expired` and not `signature-invalid`. */
  #sweep(): void {
    const now = this.#now();
    if (now < this.#sweptAt + SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    for (const [fileId, { expiresAt }] of this.#grants) {
      if (now > expiresAt + SWEEP_EVERY_MS) this.#grants.delete(fileId);
    }
  }
}
