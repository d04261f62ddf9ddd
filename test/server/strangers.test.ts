/** Many connections without a sign-in that send a byte now and then, beside those of a user. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { createUploadHandler } from '../../src/server/index.js';
import { toNodeListener } from '../../src/server/node.js';
import { API_KEY, SECRET, WORKSPACE, workingUpstream } from './support/scripted-upstream.js';

/** Fewer than the files that a process may open by default. */
const STRANGERS = 200;

/** How long any of them may keep its connection. */
const MAX_MS = 10_000;

describe('the gateway in Node', () => {
  it('soon holds no connection of those who are not signed in, and serves a user meanwhile', async (context) => {
    const upstream = workingUpstream();
    const handler = createUploadHandler({
      ...{ apiKey: API_KEY, workspaceId: WORKSPACE, upstream: 'https://api.example', ticketSecret: SECRET },
      authorize: ({ headers }) => (headers.get('x-user') === 'ann' ? { userId: 'ann' } : null),
      fetch: upstream.fetch,
    });
    const server = createServer(toNodeListener(handler)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const startedAt = performance.now();
    const ends = Array.from({ length: STRANGERS }, async () => {
      const socket = connect(port, '127.0.0.1');
      context.after(() => socket.destroy());
      socket.on('error', () => {});
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.write('POST /api/uploads/chunked/init HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n');
      socket.write('Content-Length: 1000000\r\n\r\n{');
      const drip = setInterval(() => socket.write(' '), 500);
      await closed;
      clearInterval(drip);
      return performance.now() - startedAt;
    });
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const answer = await fetch(`http://127.0.0.1:${port}/api/uploads/presigned`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', 'x-user': 'ann' },
      body: JSON.stringify({ filename: 'a.txt', contentType: 'text/plain', size: 3 }),
    });
    assert.equal(answer.status, 200);
    const longest = Math.max(...(await Promise.all(ends)));
    assert.ok(longest < MAX_MS, `a connection was held for ${longest} ms`);
  });
});
