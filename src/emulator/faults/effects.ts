/** The effects of the faults on one request, as the exchange applies them. */

/** How a fault ends a request before its handler. */
export type Interruption =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Before the request body is read. */
      readonly early: boolean;
    }
  | { readonly kind: 'reset'; readonly afterBytes: number }
  | { readonly kind: 'swallow' };

export interface Effects {
  /** Types of the fault actions that fired, for the log. */
  readonly fired: readonly string[];
  readonly interruption: Interruption | null;
  readonly dropsAnswer: boolean;
  readonly delayMs: number;
  readonly etag: 'wrong' | 'hidden' | 'absent' | null;
  readonly allowsCors: boolean;
  /** Added to the answer, whatever its status. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of this request that fit on the disk. */
  readonly roomBytes: number;
  readonly bytesPerSecond: number;
}

export const NO_EFFECTS: Effects = {
  fired: [],
  interruption: null,
  dropsAnswer: false,
  delayMs: 0,
  etag: null,
  allowsCors: true,
  headers: {},
  roomBytes: Number.POSITIVE_INFINITY,
  bytesPerSecond: Number.POSITIVE_INFINITY,
};
