/** The repository as a site, for pages of this folder: modules are translated as they are asked for. */

import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

export const serve = async (): Promise<Served> => {
  const vite = await createServer({
    root: ROOT,
    configFile: false,
    appType: 'mpa',
    logLevel: 'warn',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  const server = createHttpServer(vite.middlewares);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await vite.close();
      server.close();
    },
  };
};
