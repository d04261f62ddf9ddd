/** CORS headers. Every origin is allowed, as the presigned URL article documents; credentials are not used. */

export interface CorsPolicy {
  readonly methods: readonly string[];
  /** Request headers beyond the safelisted ones. */
  readonly headers: readonly string[];
}

const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** A page reads only exposed headers of another origin; it needs these to keep to a rate limit. */
const EXPOSED = [
  'Retry-After',
  ...['x-ve-limit-avail', 'x-ve-limit-max', 'x-ve-limit-expires'],
  ...['X-Rate-Limit-Available', 'X-Rate-Limit-Max', 'X-Rate-Limit-Expiry'],
];

export const preflightHeaders = (policy: CorsPolicy): Record<string, string> => ({
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': policy.methods.join(', '),
  'Access-Control-Allow-Headers': policy.headers.join(', '),
  'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_SECONDS),
});

export const answerHeaders = (options: { readonly exposesEtag: boolean }): Record<string, string> => ({
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': (options.exposesEtag ? ['ETag', ...EXPOSED] : EXPOSED).join(', '),
});
