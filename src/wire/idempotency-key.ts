/**
 * Identifies a request that creates something: when it is repeated with the same key because its answer was lost,
 * nothing is created twice. It is a header, because a strict backend refuses unknown fields in a body.
 */

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';

/** Undefined when the value is not a valid key. */
export const readIdempotencyKey = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;
