/** The emulator with its own port, on the loopback interface only. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createEmulator, type EmulatorControls } from './create-emulator.js';
import type { EmulatorOptions } from './options.js';

export interface StartOptions extends EmulatorOptions {
  /** @default 0, any free port */
  readonly port?: number;
}

export interface RunningEmulator extends EmulatorControls {
  /** Origin, without a trailing slash. */
  readonly url: string;
  readonly port: number;
}

const HOST = '127.0.0.1';

/** Longer than browsers and Node clients keep idle connections, so that they never reuse one that is being closed. */
const KEEP_ALIVE_MS = 75_000;

const listen = async (server: Server, port: number): Promise<number> => {
  server.listen(port, HOST);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
};

/** @throws Error of code `EADDRINUSE` when the port is taken. */
export const startEmulator = async ({ port = 0, ...options }: StartOptions = {}): Promise<RunningEmulator> => {
  const emulator = createEmulator(options);
  const server = createServer((request, response) => {
    if (!emulator.listener(request, response)) response.writeHead(404).end();
  });
  // Node's default of five minutes would end a slow upload of a large file.
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const { listener: _, handlesPath: __, ...controls } = emulator;
  try {
    const actualPort = await listen(server, port);
    return {
      ...controls,
      url: `http://${HOST}:${actualPort}`,
      port: actualPort,
      close: async () => {
        server.close();
        server.closeAllConnections();
        await emulator.close();
      },
    };
  } catch (error) {
    await emulator.close();
    throw error;
  }
};
