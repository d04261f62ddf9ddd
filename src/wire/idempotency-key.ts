/**
 * The name that an asker gives a request which makes something: asking again under the same name, because the answer was
 * lost, makes nothing twice. A header, because bodies are the dialect's own and a strict backend refuses unknown fields.
 */

export const IDEMPOTENCY_KEY_HEADER = 'Idempotency-Key';

/** Undefined for what is no key. */
export const readIdempotencyKey = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;
