/** What is told about a file. Names of events are documented (both signature articles); the payload is ours. */
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
  /** Status of the answer; 0 when none came. */
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

export interface WebhookOptions {
  /** Receiver; on this machine only. */
  readonly url: string;
  /** Signs with each, newest first; a receiver that knows one of them accepts. `w2` has room for the first alone. */
  readonly secrets: readonly string[];
  /**
   * Which documented form the signature has. `w1`: `Fastio-Signature: t=<unix>,v1=<base64>`. `w2`:
   * `X-Fastio-Signature: sha256=<hex>` and the time in a header whose name the article does not show. @default 'w1'
   */
  readonly header?: 'w1' | 'w2';
  /** Header with the time of `w2`. @default 'X-Fastio-Timestamp' */
  readonly timestampHeader?: string;
  /** Wait before the second attempt, in milliseconds; doubles with each further one. @default 1000 */
  readonly retryDelayMs?: number;
  /** How long an event is tried, in milliseconds. @default 24 hours, as documented */
  readonly retryForMs?: number;
  /** How long an answer may take, in milliseconds. @default 30 seconds, as documented */
  readonly timeoutMs?: number;
  /** Waits for so many events before it sends any. @default 1 */
  readonly collect?: number;
  /** Puts what was collected in the order of sending; may repeat and leave out. @default as stored */
  readonly arrange?: (events: readonly WebhookEvent[]) => readonly WebhookEvent[];
}
