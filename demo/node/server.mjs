/**
 * The gateway on plain `node:http`, with a page that uploads through it; README.md says how to start it.
 * `FASTIO_UPSTREAM` names another storage API, an emulator for example; `PORT` is 3000 unless it says otherwise.
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createUploadHandler } from 'fastio-upload/server';
import { toNodeListener } from 'fastio-upload/server/node';

const { FASTIO_API_KEY, FASTIO_WORKSPACE_ID, FASTIO_UPSTREAM, TICKET_SECRET, PORT = '3000' } = process.env;

const uploads = toNodeListener(
  createUploadHandler({
    apiKey: FASTIO_API_KEY,
    workspaceId: FASTIO_WORKSPACE_ID,
    ticketSecret: TICKET_SECRET,
    upstream: FASTIO_UPSTREAM,
    protocols: ['fastio'],
    // Put your own session here: null is answered with 401.
    authorize: () => ({ userId: 'demo' }),
    onStored: ({ name, size }) => console.log(`stored ${name}, ${size} bytes`),
    onError: (error) => console.error(error.message, error.cause),
  }),
);

const PAGE = fileURLToPath(new URL('index.html', import.meta.url));
const SCRIPTS = join(dirname(fileURLToPath(import.meta.resolve('fastio-upload/package.json'))), 'dist', 'cdn');

const sendFile = async (response, path, type) => {
  try {
    const body = await readFile(path);
    response.writeHead(200, { 'Content-Type': type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
};

const server = createServer((request, response) => {
  // Not parsed: a request target need not make a URL.
  const [path] = request.url.split('?', 1);
  if (path.startsWith('/api/uploads')) uploads(request, response);
  else if (path === '/') sendFile(response, PAGE, 'text/html; charset=utf-8');
  else sendFile(response, join(SCRIPTS, basename(path)), 'text/javascript');
});

// A chunk of 100 MB may take longer than the five minutes that Node allows a request.
server.requestTimeout = 0;

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://localhost:${server.address().port}`);
});
