/** The gateway of this package in front of an emulated storage, on the loopback interface. Node only. */

import type { StoredFile } from '../emulator/disk/object-store.js';
import type { FaultRule, FaultScript } from '../emulator/faults/fault-script.js';
import type { UploadLimits } from '../server/limits/limits.js';
import { type FaultName, faultScript } from './named-faults.js';

export interface BackendOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Limits that are sent to the element and enforced. @default none */
  readonly limits?: UploadLimits;
  /** Faults from the start. @default none */
  readonly faults?: FaultName | FaultScript | readonly FaultRule[];
}

export interface TestBackend {
  /** URL for the attribute `endpoint`. Pages of any loopback origin may call it. */
  readonly endpoint: string;
  /** The stored files, in order of storing, with size and SHA-256. */
  files(): readonly StoredFile[];
  /** Replaces the faults; without an argument it clears them. */
  faults(faults?: FaultName | FaultScript | readonly FaultRule[]): void;
  /** Deletes files, sessions and faults. */
  clear(): Promise<void>;
  /** Cuts running requests and deletes the stored files. */
  close(): Promise<void>;
}

const API_KEY = 'key-of-the-emulator';
const MOUNT = '/api/uploads';

const isLoopback = (origin: string): boolean =>
  URL.canParse(origin) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(origin).hostname);

/** @throws Error of code `EADDRINUSE` when the port is taken. */
export const startBackend = async ({ port = 0, limits, faults }: BackendOptions = {}): Promise<TestBackend> => {
  // Imported here, so that pages can import the other modules of the test kit.
  const { createServer } = await import('node:http');
  const { startEmulator } = await import('../emulator/start-emulator.js');
  const { createUploadHandler } = await import('../server/create-upload-handler.js');
  const { toNodeListener } = await import('../server/node.js');
  const emulator = await startEmulator({ apiKey: API_KEY });
  const ticketSecret = crypto.getRandomValues(new Uint8Array(32));
  let isOffline = false;
  const setFaults: TestBackend['faults'] = (wanted) => {
    isOffline = wanted === 'offline';
    emulator.faults(typeof wanted === 'string' ? faultScript(wanted) : wanted);
  };
  setFaults(faults);

  /** One gateway per calling origin, because its allowed origins are fixed at its creation. */
  const listeners = new Map<string, ReturnType<typeof toNodeListener>>();
  const listenerFor = (origin: string) => {
    const known = listeners.get(origin);
    if (known !== undefined) return known;
    const listener = toNodeListener(
      createUploadHandler({
        apiKey: API_KEY,
        workspaceId: '1',
        upstream: emulator.url,
        basePath: MOUNT,
        ticketSecret,
        authorize: () => ({ userId: 'tester' }),
        ...(isLoopback(origin) && { allowedOrigins: [origin] }),
        ...(limits && { limits }),
      }),
    );
    listeners.set(origin, listener);
    return listener;
  };
  const server = createServer((request, response) => {
    if (isOffline) request.socket.destroy();
    else void listenerFor(request.headers.origin ?? '')(request, response);
  });
  server.requestTimeout = 0;
  const listening = new Promise((resolve, reject) => {
    server.once('listening', resolve).once('error', reject);
  });
  server.listen(port, '127.0.0.1');
  await listening.catch(async (error: unknown) => {
    await emulator.close();
    throw error;
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    endpoint: `http://127.0.0.1:${actualPort}${MOUNT}`,
    files: () => emulator.files(),
    faults: setFaults,
    clear: () => {
      isOffline = false;
      return emulator.clear();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await emulator.close();
    },
  };
};
