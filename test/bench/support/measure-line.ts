/** What a native client gets on a line: the proof that a profile holds before browsers are measured on it. */

import { Agent, request } from 'node:http';
import type { Profile } from './profile.js';

export interface LineMeasure {
  /** Bytes a second, six connections together. */
  readonly rate: number;
  /** Milliseconds, median. */
  readonly rttMs: number;
}

const exchange = (agent: Agent, port: number, method: string, path: string, body: Buffer | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = request({ agent, port, host: '127.0.0.1', method, path }, (response) => {
      response.resume().on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
};

const FLOWS = 6;
const SECONDS = 2;

export const measureLine = async (port: number, { linkRate, connectionRate }: Profile): Promise<LineMeasure> => {
  const agent = new Agent({ keepAlive: true, maxSockets: FLOWS });
  const ping = () => exchange(agent, port, 'GET', '/store/ping', null);
  await ping();
  const trips: number[] = [];
  for (let count = 0; count < 9; count += 1) trips.push(await timed(ping));
  trips.sort((a, b) => a - b);
  const rttMs = trips[4] ?? 0;
  const most = Math.min(linkRate, connectionRate * FLOWS, 200_000_000);
  const body = Buffer.alloc(Math.round((most * SECONDS) / FLOWS), 0x61);
  const put = (_: unknown, flow: number) => exchange(agent, port, 'PUT', `/store/put/line-${flow}`, body);
  // Connections are opened first: a handshake is no matter of rate.
  await Promise.all(Array.from({ length: FLOWS }, ping));
  const ms = await timed(() => Promise.all(Array.from({ length: FLOWS }, put)));
  agent.destroy();
  return { rate: (body.length * FLOWS) / ((ms - rttMs) / 1000), rttMs };
};
