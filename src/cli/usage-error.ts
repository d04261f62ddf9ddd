/** Arguments that cannot be used; the message says what is needed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
