/** The options of an S3 storage, their checks and defaults. */

import { type S3ProviderName, storageOfHost } from '../../../lib/storage-host.js';
import { check, isKey } from '../../options/check.js';
import type { AdmittedFile, StorageCaller } from '../storage.js';
import { S3_PROVIDERS, type S3Provider } from './providers.js';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For temporary credentials. URLs signed with them expire with them. */
  readonly sessionToken?: string | undefined;
}

/** A value, or a function that returns it for a caller each time, for values that rotate. */
export type PerCaller<Value> = Value | ((caller: StorageCaller) => Value | Promise<Value>);

/** A file that needs a key; a file of a form has no size yet. */
export type KeyedFile = Omit<AdmittedFile, 'size' | 'key'> & { readonly size?: number };

export interface S3Options {
  /**
   * The storage's S3 endpoint as shown in its console, with or without the bucket.
   * @default AWS in `region`
   * @example 'https://<account>.r2.cloudflarestorage.com'
   */
  readonly endpoint?: string;
  /** @default from the endpoint's host, else `us-east-1` */
  readonly region?: string;
  readonly bucket: string;
  /** Needs the secret too; a function of the caller can return a key per user or tenant. */
  readonly accessKeyId?: PerCaller<string>;
  /** Never sent to the browser, which gets signed URLs. */
  readonly secretAccessKey?: PerCaller<string>;
  /** For temporary credentials (STS, R2). @default none */
  readonly sessionToken?: PerCaller<string | undefined>;
  /** Replaces the three options above, for credentials that are fetched together. */
  readonly credentials?: PerCaller<S3Credentials>;
  /**
   * The object's key, unless `beforeOpen` returns one. A file replaces another one with the same key.
   * @default the folder id of the caller, a random id, and the file's path: `users/7/2f1c…/holiday/beach.jpg`
   */
  readonly key?: (file: KeyedFile, caller: StorageCaller) => string | Promise<string>;
  /**
   * Name or description of the storage, needed where the endpoint's host does not identify it (MinIO, Ceph). @default
   * from the endpoint's host
   */
  readonly provider?: S3ProviderName | S3Provider;
  /**
   * Request for small files: `put`, or `post` with a policy, which needs no preflight per file where the storage
   * supports it.
   * @default 'put'
   */
  readonly smallFiles?: 'put' | 'post';
  /**
   * Headers of each new object, for example `{'Cache-Control': 'max-age=3600', 'x-amz-storage-class': 'IA'}`.
   * @default none
   */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface S3Config {
  readonly bucket: string;
  /** Base URL of keys: the endpoint with the bucket, without a trailing slash. */
  readonly bucketUrl: URL;
  readonly region: string;
  readonly provider: S3Provider;
  readonly credentials: (caller: StorageCaller) => Promise<S3Credentials>;
  readonly key: S3Options['key'];
  readonly smallFiles: 'put' | 'post';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws TypeError that names the option and the fix. */
export const resolveS3Options = (options: S3Options): S3Config => {
  check(typeof options === 'object' && options !== null, 's3() needs an options object');
  const { bucket, key, headers = {}, smallFiles = 'put' } = options;
  check(typeof bucket === 'string' && /^[\w.-]{3,63}$/.test(bucket), 's3: bucket is required, the name of a bucket');
  const endpoint = readEndpoint(options);
  const known = storageOfHost(endpoint.hostname);
  const provider = readProvider(options.provider ?? known.name);
  check(key === undefined || typeof key === 'function', 's3: key must be a function of the file and the caller');
  check(smallFiles === 'put' || smallFiles === 'post', "s3: smallFiles must be 'put' or 'post'");
  check(
    smallFiles === 'put' || provider.takesPostPolicy,
    "s3: this storage does not support POST policies; smallFiles must be 'put'",
  );
  return {
    bucket,
    bucketUrl: withBucket(endpoint, bucket, provider),
    region: readRegion(options.region ?? known.region),
    provider,
    credentials: readCredentials(options),
    key,
    smallFiles,
    headers: readHeaders(headers),
  };
};

const readRegion = (region: string = 'us-east-1'): string => {
  check(/^[\w-]+$/.test(region), 's3: region must be a name such as eu-central-1');
  return region;
};

const readEndpoint = ({ endpoint, region }: S3Options): URL => {
  check(endpoint !== undefined || region !== undefined, 's3: endpoint is required, or for AWS the region');
  const text = endpoint ?? `https://s3.${readRegion(region)}.amazonaws.com`;
  const url = URL.canParse(text) ? new URL(text) : null;
  check(url !== null && /^https?:$/.test(url.protocol), 's3: endpoint must be an absolute http(s) URL');
  check(!/[?#@]/.test(text), 's3: endpoint must have no query, fragment or user name');
  return url as URL;
};

const readProvider = (provider: S3ProviderName | S3Provider): S3Provider => {
  if (typeof provider === 'object') return provider;
  const names = Object.keys(S3_PROVIDERS);
  check(names.includes(provider), `s3: provider must be one of ${names.join(', ')}, or a description`);
  return S3_PROVIDERS[provider];
};

/** Consoles show the endpoint with or without the bucket. */
const withBucket = (endpoint: URL, bucket: string, { bucketIn }: S3Provider): URL => {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, '');
  const isInHost = url.hostname.startsWith(`${bucket}.`);
  const isInPath = path === `/${bucket}` || path.endsWith(`/${bucket}`);
  url.pathname = path;
  if (isInHost || isInPath) return url;
  // Certificates do not cover bucket names with a dot, and an IP address has no subdomains.
  const canBeInHost = bucketIn === 'host' && !bucket.includes('.') && path === '' && !isAddress(url.hostname);
  if (canBeInHost) url.hostname = `${bucket}.${url.hostname}`;
  else url.pathname = `${path}/${bucket}`;
  return url;
};

const isAddress = (host: string): boolean => host === 'localhost' || host.startsWith('[') || /^[\d.]+$/.test(host);

const readCredentials = (options: S3Options): S3Config['credentials'] => {
  const { credentials, accessKeyId, secretAccessKey, sessionToken } = options;
  if (credentials !== undefined) return async (caller) => checkCredentials(await valueFor(credentials, caller));
  const areKnown = typeof accessKeyId === 'string' && typeof secretAccessKey === 'string';
  if (!areKnown || typeof sessionToken === 'function') {
    check(isGiven(accessKeyId), 's3: accessKeyId is required, or credentials');
    check(isGiven(secretAccessKey), 's3: secretAccessKey is required, or credentials');
    return async (caller) =>
      checkCredentials({
        accessKeyId: await valueFor(accessKeyId as PerCaller<string>, caller),
        secretAccessKey: await valueFor(secretAccessKey as PerCaller<string>, caller),
        sessionToken: await valueFor(sessionToken, caller),
      });
  }
  const fixed = checkCredentials({ accessKeyId, secretAccessKey, sessionToken });
  return async () => fixed;
};

const isGiven = (value: unknown): boolean => typeof value === 'string' || typeof value === 'function';

const valueFor = async <Value>(value: PerCaller<Value>, caller: StorageCaller): Promise<Value> =>
  typeof value === 'function' ? (value as (caller: StorageCaller) => Value | Promise<Value>)(caller) : value;

/** A line break from an environment file would only show as a wrong signature. */
const checkCredentials = (credentials: S3Credentials): S3Credentials => {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials ?? {};
  check(isKey(accessKeyId), 's3: accessKeyId must be a string without spaces');
  check(isKey(secretAccessKey), 's3: secretAccessKey must be a string without spaces');
  check(sessionToken === undefined || isKey(sessionToken), 's3: sessionToken must be a string without spaces');
  return credentials;
};

const readHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  for (const [name, value] of entries) {
    check(/^[a-z\d-]+$/.test(name) && /^[\x20-\x7e]+$/.test(value), `s3: headers.${name} must be a printable string`);
  }
  return Object.fromEntries(entries);
};
