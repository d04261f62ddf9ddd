/** Lines to measure on. Slow enough that the line is what limits, not the two cores that browser and servers share. */

const Mbit = 1_000_000 / 8;

export interface Profile {
  readonly id: 'P0' | 'P2' | 'P6';
  readonly title: string;
  /** Bytes a second from the browser, all connections together. */
  readonly linkRate: number;
  /** Bytes a second of one connection. */
  readonly connectionRate: number;
  /** Milliseconds there and back; opening a connection takes as long again. */
  readonly rttMs: number;
}

export const PROFILES = {
  P0: {
    id: 'P0',
    title: 'P0 loopback, unshaped (shows cost on the page; no claim about speed)',
    linkRate: Number.POSITIVE_INFINITY,
    connectionRate: Number.POSITIVE_INFINITY,
    rttMs: 0,
  },
  P2: {
    id: 'P2',
    title: 'P2 fibre: 100 Mbit/s, 20 ms',
    linkRate: 100 * Mbit,
    connectionRate: Number.POSITIVE_INFINITY,
    rttMs: 20,
  },
  P6: {
    id: 'P6',
    title: 'P6 capped flows: 100 Mbit/s, of which 10 per connection, 50 ms',
    linkRate: 100 * Mbit,
    connectionRate: 10 * Mbit,
    rttMs: 50,
  },
} as const satisfies Record<string, Profile>;
