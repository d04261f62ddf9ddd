/** A webhook's JSON body. Documented: the names of events (both signature articles). Assumed: the other fields. */
export interface WebhookEvent {
  /** The same in every delivery of the event. */
  readonly id: string;
  readonly type: 'file.uploaded' | 'file.modified';
  /** Seconds since 1970. */
  readonly created_at: number;
  readonly data: {
    readonly file_id: string;
    readonly name: string;
    /** Bytes. */
    readonly size: number;
    /** Lower-case hex. */
    readonly sha256: string;
    readonly workspace_id: string | null;
    readonly folder_id: string | null;
    readonly relative_path: string;
    readonly version: number;
  };
}

/** One attempt to deliver. */
export interface WebhookDelivery {
  readonly eventId: string;
  readonly type: WebhookEvent['type'];
  readonly fileId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Status of the answer; 0 without an answer. */
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

export interface WebhookOptions {
  /** URL of the receiver, on the loopback interface only. */
  readonly url: string;
  /** Newest first. `w1` signs with each, so that a receiver with one of them accepts; `w2` uses only the first. */
  readonly secrets: readonly string[];
  /**
   * Documented form of the signature. `w1`: `Fastio-Signature: t=<unix>,v1=<base64>`. `w2`:
   * `X-Fastio-Signature: sha256=<hex>` and the time in a header whose name the article does not give. @default 'w1'
   */
  readonly header?: 'w1' | 'w2';
  /** Header with the time of `w2`. @default 'X-Fastio-Timestamp' */
  readonly timestampHeader?: string;
  /** Delay before the second attempt, in milliseconds; it doubles with each attempt. @default 1000 */
  readonly retryDelayMs?: number;
  /** How long delivery of an event is retried, in milliseconds. @default 24 hours, as documented */
  readonly retryForMs?: number;
  /** Timeout of an attempt, in milliseconds. @default 30 seconds, as documented */
  readonly timeoutMs?: number;
  /** Number of events to collect before any is sent. @default 1 */
  readonly collect?: number;
  /** Returns the collected events in the order of sending; may repeat or omit some. @default as stored */
  readonly arrange?: (events: readonly WebhookEvent[]) => readonly WebhookEvent[];
}
