/**
 * One bucket: requests of the gateway, signed in their headers, and URLs and forms for the browser, signed in their
 * query and fields. `aws4fetch` signs: it has 3 kB and needs only Web Crypto, so it runs in Node and in workerd; the
 * packages of the AWS SDK have hundreds.
 */

import { AwsV4Signer } from 'aws4fetch';
import { HttpError, upstreamTimeout } from '../../http/http-error.js';
import { readCappedAnswer } from '../../http/read-body.js';
import { strictestRedirect } from '../../http/strictest-redirect.js';
import type { CallOptions, StorageCaller, StorageContext } from '../storage.js';
import { encodeKey } from './object-key.js';
import { type PolicyForm, postPolicyForm } from './post-policy.js';
import type { S3Config } from './s3-options.js';

/** A page of 1,000 parts takes about 300 kB. */
const MAX_ANSWER_BYTES = 4 * 2 ** 20;
/** Cached signing keys, one per day and secret; each tenant may have its own secret. */
const MAX_SIGNING_KEYS = 1000;

type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
type Fields = Readonly<Record<string, string>>;

export interface S3Request {
  readonly method: Method;
  /** Absent for a request for the bucket itself. */
  readonly key?: string;
  readonly query?: Fields;
  /** Names in lower case. */
  readonly headers?: Fields;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** Bytes of a stream. */
  readonly length?: number;
  /** Aborts the request after its timeout. @default a signal with the `upstreamTimeoutMs` option */
  readonly deadline?: AbortSignal;
}

export interface S3Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
}

/** The request that a URL for the browser allows. */
export interface PresignedRequest {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  readonly query?: Fields;
  /** Signed: the browser must send exactly these headers. Names in lower case. */
  readonly headers?: Fields;
}

export class S3Bucket {
  readonly config: S3Config;
  readonly #context: StorageContext;
  readonly #redirect = strictestRedirect();
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  constructor(config: S3Config, context: StorageContext) {
    this.config = config;
    this.#context = context;
  }

  /** Expiry of a URL that is signed now, in milliseconds since 1970. */
  get urlExpiresAt(): number {
    return Date.now() + this.#context.grantTtlSeconds * 1000;
  }

  async presign({ method, key, query, headers = {} }: PresignedRequest, caller: StorageCaller): Promise<string> {
    const url = this.#urlOf(key, { ...query, 'X-Amz-Expires': String(this.#context.grantTtlSeconds) });
    const signed = await this.#sign({ url, method, headers, signQuery: true }, caller);
    return signed.url.href;
  }

  /** A form that is valid only for this key and this number of bytes. */
  async presignForm(key: string, size: number, fields: Fields, caller: StorageCaller): Promise<PolicyForm> {
    const { bucket, bucketUrl, region, credentials } = this.config;
    const seconds = this.#context.grantTtlSeconds;
    return postPolicyForm({ bucket, bucketUrl, region, key, size, fields, seconds }, await credentials(caller));
  }

  /**
   * Returns any answer except a redirect.
   * @throws HttpError 502 without an answer, 504 after the timeout.
   */
  async send(request: S3Request, options: CallOptions): Promise<S3Answer> {
    options.signal?.throwIfAborted();
    const deadline = request.deadline ?? AbortSignal.timeout(this.#context.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    try {
      return await this.#exchange(request, { ...options, signal });
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (deadline.aborted) throw deadline.reason instanceof HttpError ? deadline.reason : upstreamTimeout();
      if (error instanceof HttpError || error instanceof TypeError) throw wrapped(error);
      throw new HttpError(502, 'upstream', 'the storage service could not be reached', { cause: error });
    }
  }

  async #exchange({ method, key, query, headers = {}, body, length }: S3Request, options: CallOptions) {
    const { url, headers: signed } = await this.#sign(
      { url: this.#urlOf(key, query), method, headers },
      options.caller,
    );
    // Not signed, because some storages rewrite it. A compressed answer to HEAD has no length.
    signed.set('accept-encoding', 'identity');
    if (length !== undefined) signed.set('content-length', String(length));
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: signed,
      ...(body !== undefined && { body: withLength(body, length), duplex: 'half' }),
      redirect: this.#redirect,
      // With this and `redirect: 'error'`, Node's fetch sends a stream itself instead of teeing it.
      window: null,
      ...(options.signal && { signal: options.signal }),
    };
    const response = await options.fetch(url.href, init);
    const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
    if (isRedirect) throw new HttpError(502, 'upstream', WRONG_REGION, { cause: new Error(WRONG_REGION) });
    const text = method === 'HEAD' ? '' : await readCappedAnswer(response, MAX_ANSWER_BYTES);
    if (text === null) throw new HttpError(502, 'upstream', 'the storage service answered too much');
    return { status: response.status, ok: response.ok, headers: response.headers, text };
  }

  #urlOf(key: string | undefined, query: Fields = {}): URL {
    const url = new URL(this.config.bucketUrl);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${key === undefined ? '' : encodeKey(key)}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  async #sign(
    request: { url: URL; method: Method; headers: Fields; signQuery?: boolean },
    caller: StorageCaller,
  ): Promise<{ url: URL; headers: Headers }> {
    const { accessKeyId, secretAccessKey, sessionToken } = await this.config.credentials(caller);
    if (this.#signingKeys.size > MAX_SIGNING_KEYS) this.#signingKeys.clear();
    return new AwsV4Signer({
      ...request,
      url: request.url.href,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 's3',
      region: this.config.region,
      cache: this.#signingKeys,
      // Length and type must be signed to be enforced, and by default aws4fetch does not sign these two.
      allHeaders: request.signQuery === true,
    }).sign();
  }
}

const WRONG_REGION = 'the storage service redirected the request: region or endpoint belongs to another bucket';

/** Network failures of `fetch` are TypeErrors with a cause; a TypeError of a hook has none and is kept. */
const wrapped = (error: HttpError | TypeError): Error =>
  error instanceof TypeError && (error.cause !== undefined || /fetch|network/i.test(error.message))
    ? new HttpError(502, 'upstream', 'the storage service could not be reached', { cause: error })
    : error;

/** workerd needs a `FixedLengthStream` to send a stream with a length; Node uses the header. */
const withLength = (body: NonNullable<S3Request['body']>, length: number | undefined): BodyInit => {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
  };
  return body instanceof ReadableStream && length !== undefined && FixedLengthStream !== undefined
    ? body.pipeThrough(new FixedLengthStream(length))
    : (body as BodyInit);
};
