/**
 * What no storage service has: a way for tests and the demo to look inside. No key, no CORS, no faults, not in the log.
 *
 * - `GET /emulator/files` lists what is stored; `DELETE` empties it, unfinished sessions and grants included
 * - `GET /emulator/files/{fileId}` downloads the bytes
 * - `GET /emulator/faults` shows the script in force; `POST` replaces it (see `FaultScript`); `DELETE` clears it
 * - `GET /emulator/log` lists the requests seen (see `LogEntry`); `DELETE` empties it
 */

import type { ObjectStore } from '../disk/object-store.js';
import type { FaultScript } from '../faults/fault-script.js';
import { parseFaultScript } from '../faults/parse-fault-script.js';
import { ApiError } from '../http/api-error.js';
import type { Dialect, Route } from '../http/dialect.js';
import type { Exchange } from '../http/exchange.js';
import type { RequestLog } from '../http/request-log.js';
import { contentDisposition } from './content-disposition.js';

export interface AdminContext {
  readonly store: ObjectStore;
  readonly log: RequestLog;
  readonly clearFiles: () => Promise<void>;
  readonly readFaults: () => FaultScript;
  readonly setFaults: (script: FaultScript) => void;
}

/** A page of a foreign site must not be able to empty a developer's emulator, even without seeing the answer. */
const refuseForeign = (exchange: Exchange): void => {
  if (exchange.header('sec-fetch-site') === 'cross-site') {
    throw new ApiError(403, 'forbidden', 'the doors are not for pages of other sites');
  }
};

const door = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
  method,
  path: `/emulator/${path}`,
  needsKey: false,
  async handle(exchange, params) {
    refuseForeign(exchange);
    await handle(exchange, params);
  },
});

const download =
  (store: ObjectStore): Route['handle'] =>
  async (exchange, { fileId = '' }) => {
    const file = store.get(fileId);
    if (file === undefined) throw new ApiError(404, 'file-not-found', 'no such file');
    await exchange.send(200, {
      stream: store.read(file),
      headers: {
        'Content-Type': file.contentType,
        'Content-Length': String(file.size),
        'Content-Disposition': contentDisposition(file.name),
        // Foreign bytes under the demo's own origin: nothing in them may run.
        'Content-Security-Policy': "sandbox; default-src 'none'",
        'X-Content-Type-Options': 'nosniff',
      },
    });
  };

export const createAdminRoutes = ({ store, log, clearFiles, readFaults, setFaults }: AdminContext): Dialect => ({
  routes: [
    door('GET', 'files', (exchange) => exchange.send(200, { json: store.list() })),
    door('DELETE', 'files', async (exchange) => {
      await clearFiles();
      await exchange.send(204);
    }),
    door('GET', 'files/:fileId', download(store)),
    door('GET', 'faults', (exchange) => exchange.send(200, { json: readFaults() })),
    door('POST', 'faults', async (exchange) => {
      setFaults(parseFaultScript(await exchange.readJson()));
      await exchange.send(200, { json: readFaults() });
    }),
    door('DELETE', 'faults', async (exchange) => {
      setFaults({ rules: [] });
      await exchange.send(204);
    }),
    door('GET', 'log', (exchange) => exchange.send(200, { json: log.list() })),
    door('DELETE', 'log', async (exchange) => {
      log.clear();
      await exchange.send(204);
    }),
  ],
  clear: async () => {},
});
