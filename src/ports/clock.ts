/** Source of time and waits, so that tests can drive both. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Milliseconds since 1970, for records that outlive the page. */
  wallNow(): number;
  /** Resolves after `ms`; rejects at once with the signal's reason when aborted. */
  delay(ms: number, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Uniform in [0, 1); here so that a seed can replay jitter. */
  random(): number;
}
