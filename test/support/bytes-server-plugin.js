/** Starts the bytes server with the test runner and tells its pages where it is, at `/__bytes-server.json`. */

import { readFileSync } from 'node:fs';
import { tsImport } from 'tsx/esm/api';

const WORKER = new URL('relay-service-worker.js', import.meta.url);

export const bytesServerPlugin = () => {
  let server;
  return {
    name: 'bytes-server',
    async serverStart() {
      const { startBytesServer } = await tsImport('./bytes-server.ts', import.meta.url);
      server = await startBytesServer();
    },
    async serverStop() {
      await server?.close();
    },
    serve({ path }) {
      if (path === '/__bytes-server.json') {
        return { body: JSON.stringify({ url: server.url, elsewhere: server.elsewhere }), type: 'json' };
      }
      // At the root, because a service worker only controls pages below its own path.
      if (path === '/__relay-service-worker.js') return { body: readFileSync(WORKER, 'utf8'), type: 'js' };
    },
  };
};
