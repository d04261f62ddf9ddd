/** The gateway of this package in front of an emulated storage, on the loopback interface. Node only. */

import type { StoredFile } from '../emulator/disk/object-store.js';
import type { FaultRule, FaultScript } from '../emulator/faults/fault-script.js';
import type { UploadLimits } from '../server/limits/limits.js';
import { type FaultName, faultScript } from './named-faults.js';

export interface BackendOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Announced to the element and enforced. @default none */
  readonly limits?: UploadLimits;
  /** Faults from the start on. @default none */
  readonly faults?: FaultName | FaultScript | readonly FaultRule[];
}

export interface TestBackend {
  /** For the attribute `endpoint`. Pages of any loopback origin may call it. */
  readonly endpoint: string;
  /** What is stored, in order of storing, with size and SHA-256. */
  files(): readonly StoredFile[];
  /** Replaces the faults; without an argument there are none. */
  faults(faults?: FaultName | FaultScript | readonly FaultRule[]): void;
  /** Forgets files, sessions and faults. */
  clear(): Promise<void>;
  /** Cuts what is running and removes what is stored. */
  close(): Promise<void>;
}

const API_KEY = 'key-of-the-emulator';
const MOUNT = '/api/uploads';

const isLoopback = (origin: string): boolean =>
  URL.canParse(origin) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(origin).hostname);

/** @throws Error of code `EADDRINUSE` when the port is taken. */
export const startBackend = async ({ port = 0, limits, faults }: BackendOptions = {}): Promise<TestBackend> => {
  // Here and not at the head of the module, so that pages can import what is beside it.
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

  /** One for each origin that asks: the gateway wants to know them before. */
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
