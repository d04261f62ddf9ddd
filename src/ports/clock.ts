/** Time, delays and random numbers, so that tests can control them. */
export interface Clock {
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** Milliseconds since 1970, for records that outlive the page. */
  wallNow(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  delay(ms: number, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Uniform in [0, 1); tests can replay jitter from a seed. */
  random(): number;
}
