/**
 * The name that an asker gives a request which makes something: asking again under the same name, because the answer was
 * lost, makes nothing twice. Ours; who does not know the field ignores it.
 */

/** Undefined for what is no key. */
export const readIdempotencyKey = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : undefined;
