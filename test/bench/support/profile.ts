/** Lines to measure on. Slow enough that the line is what limits, not the two cores that browser and servers share. */

const Mbit = 1_000_000 / 8;

export interface Profile {
  readonly id: string;
  readonly title: string;
  /** Bytes a second from the browser, all connections together. */
  readonly linkRate: number;
  /** Bytes a second of one connection. */
  readonly connectionRate: number;
  /** Milliseconds there and back; opening a connection takes as long again. */
  readonly rttMs: number;
  /** All connections are cut this often, in milliseconds. Absent means never. */
  readonly cutEveryMs?: number;
  /** HTTP/2 over TLS, in place of HTTP/1.1 in the clear. @default false */
  readonly isHttp2?: boolean;
}

export const PROFILES = {
  P0: {
    id: 'P0',
    title: 'loopback without a limit',
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
  capped: {
    id: 'capped',
    title: '24 MB/s, of which 4 MB/s a connection, 80 ms',
    linkRate: 24_000_000,
    connectionRate: 4_000_000,
    rttMs: 80,
  },
  near: {
    id: 'near',
    title: '100 Mbit/s, 60 ms',
    linkRate: 100 * Mbit,
    connectionRate: Number.POSITIVE_INFINITY,
    rttMs: 60,
  },
  far: {
    id: 'far',
    title: '100 Mbit/s, 150 ms',
    linkRate: 100 * Mbit,
    connectionRate: Number.POSITIVE_INFINITY,
    rttMs: 150,
  },
} as const satisfies Record<string, Profile>;

/** The same line, spoken over in HTTP/2. */
export const overHttp2 = (line: Profile): Profile => ({
  ...line,
  id: `${line.id}-h2`,
  title: `${line.title}, HTTP/2`,
  isHttp2: true,
});

/** A slow line whose connections are all cut at once, again and again, as on a train. */
export const cutLine = (megabits: number, seconds: number): Profile => ({
  id: `cut-${megabits}-${seconds}`,
  title: `${megabits} Mbit/s, all connections cut every ${seconds} s, 60 ms`,
  linkRate: megabits * Mbit,
  connectionRate: Number.POSITIVE_INFINITY,
  rttMs: 60,
  cutEveryMs: seconds * 1000,
});
