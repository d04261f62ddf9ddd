/** Reasons for refusing a webhook. */
export type WebhookErrorCode =
  /** No signature header, or no timestamp with it. */
  | 'signature-missing'
  /** A header that is repeated, incomplete, or not in a documented form. */
  | 'signature-malformed'
  /** Signed longer ago, or further in the future, than the tolerance. */
  | 'timestamp-outside'
  /** No secret matches the signature. */
  | 'signature-mismatch'
  /** The same message was received before. */
  | 'replayed'
  | 'too-large'
  /** The signature is valid, but the body is not a JSON object with an event. */
  | 'unreadable';

/** `message` contains no secret and no part of the request. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly code: WebhookErrorCode;

  constructor(code: WebhookErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
