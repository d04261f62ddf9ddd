/** Invalid arguments; the message states what is required. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
