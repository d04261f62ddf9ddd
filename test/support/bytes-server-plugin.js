/** Starts the bytes server with the test runner and tells its pages where it is, at `/__bytes-server.json`. */

import { readFileSync } from 'node:fs';
import { tsImport } from 'tsx/esm/api';

const STRICT_PAGE = new URL('strict-page.html', import.meta.url);

const strict = (storage) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${storage}`,
    'img-src blob:',
    'trusted-types lit-html fastio-upload',
    "require-trusted-types-for 'script'",
  ].join('; ');

const WORKER = new URL('relay-service-worker.js', import.meta.url);

export const bytesServerPlugin = () => {
  let server;
  let grants = 0;
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
      // As a strict page is served: nothing but what the README asks for.
      if (path === '/__strict-page.html') {
        return {
          body: readFileSync(STRICT_PAGE, 'utf8'),
          type: 'html',
          headers: { 'Content-Security-Policy': strict(server.url) },
        };
      }
      if (path === '/__grants') {
        // Each file has a URL of its own, as storages sign them.
        const uploadUrl = `${server.url}/sink?grant=${++grants}`;
        return { body: JSON.stringify({ uploadUrl, fileId: 'stored' }), type: 'json' };
      }
      // At the root, because a service worker only controls pages below its own path.
      if (path === '/__relay-service-worker.js') return { body: readFileSync(WORKER, 'utf8'), type: 'js' };
    },
  };
};
