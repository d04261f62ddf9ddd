import type { Clock } from '../ports/clock.js';
import type { Connectivity } from '../ports/connectivity.js';

/** Options of every transport. Share one in a page, because it remembers which origins the page can read. */
export interface TransportOptions {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  /** Timeout without progress while bytes are being sent, in milliseconds. @default 30000 */
  readonly stallTimeoutMs?: number;
  /**
   * Timeout for the answer after all bytes are sent, in milliseconds. 20 ms per MiB are added, and it is at least as
   * long as sending took, because proxies and virus scanners buffer the whole body. @default 120000
   */
  readonly responseTimeoutMs?: number;
}
