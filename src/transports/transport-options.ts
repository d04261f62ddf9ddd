import type { Clock } from '../ports/clock.js';
import type { Connectivity } from '../ports/connectivity.js';

/** What every transport needs. Share one transport in a page: it learns which origins let the page read their answers. */
export interface TransportOptions {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  /** Longest silence while bytes are being sent, in milliseconds. @default 30000 */
  readonly stallTimeoutMs?: number;
  /**
   * Longest wait for the answer once all bytes are sent, in milliseconds; 20 ms are added for each MiB, and it is at least as
   * long as sending took: proxies and virus scanners take all bytes before the server sees one. @default 120000
   */
  readonly responseTimeoutMs?: number;
}
