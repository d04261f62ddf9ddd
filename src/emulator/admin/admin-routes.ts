/**
 * Admin routes by which tests and the demo inspect and reset the emulator. They need no key, have no CORS headers, get
 * no faults and are not logged.
 *
 * - `GET /emulator/files` lists the stored files; `DELETE` deletes them, unfinished sessions and grants included
 * - `GET /emulator/files/{fileId}` downloads the bytes
 * - `GET /emulator/faults` returns the current script; `POST` replaces it (see `FaultScript`); `DELETE` clears it
 * - `GET /emulator/log` lists the requests (see `LogEntry`); `DELETE` clears the log
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

/** A page of another site must not be able to clear a developer's emulator, even without reading the answer. */
const refuseCrossSite = (exchange: Exchange): void => {
  if (exchange.header('sec-fetch-site') === 'cross-site') {
    throw new ApiError(403, 'forbidden', 'admin routes reject requests from other sites');
  }
};

const adminRoute = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
  method,
  path: `/emulator/${path}`,
  needsKey: false,
  async handle(exchange, params) {
    refuseCrossSite(exchange);
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
        // The bytes are served from the demo's origin, so scripts in them must not run.
        'Content-Security-Policy': "sandbox; default-src 'none'",
        'X-Content-Type-Options': 'nosniff',
      },
    });
  };

export const createAdminRoutes = ({ store, log, clearFiles, readFaults, setFaults }: AdminContext): Dialect => ({
  routes: [
    adminRoute('GET', 'files', (exchange) => exchange.send(200, { json: store.list() })),
    adminRoute('DELETE', 'files', async (exchange) => {
      await clearFiles();
      await exchange.send(204);
    }),
    adminRoute('GET', 'files/:fileId', download(store)),
    adminRoute('GET', 'faults', (exchange) => exchange.send(200, { json: readFaults() })),
    adminRoute('POST', 'faults', async (exchange) => {
      setFaults(parseFaultScript(await exchange.readJson()));
      await exchange.send(200, { json: readFaults() });
    }),
    adminRoute('DELETE', 'faults', async (exchange) => {
      setFaults({ rules: [] });
      await exchange.send(204);
    }),
    adminRoute('GET', 'log', (exchange) => exchange.send(200, { json: log.list() })),
    adminRoute('DELETE', 'log', async (exchange) => {
      log.clear();
      await exchange.send(204);
    }),
  ],
  clear: async () => {},
});
