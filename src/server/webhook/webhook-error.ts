/** Why a webhook was not believed. */
export type WebhookErrorCode =
  /** No signature header, or no timestamp with it. */
  | 'signature-missing'
  /** A header that is doubled, cut, or not in either documented form. */
  | 'signature-malformed'
  /** Signed longer ago, or further in the future, than the tolerance. */
  | 'timestamp-outside'
  /** No secret makes this signature of these bytes. */
  | 'signature-mismatch'
  /** The very same message came before. */
  | 'replayed'
  | 'too-large'
  /** Signed rightly, but no JSON object that names an event. */
  | 'unreadable';

/** `message` says nothing of the secrets and repeats nothing of the request. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
