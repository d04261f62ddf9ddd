/** An application of a few lines around a snippet of the README, as its reader has one already. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inClone } from './clone.js';
import { gatewayOptions, snippet } from './readme.js';
import { type Runtime, type Storage, serve, valuesFor } from './runtime.js';

/** What the README takes as given: the reader's users, and the options "that stand above". */
const GIVEN = `
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createUploadHandler } from 'fastio-upload/server';
import { toNodeListener } from 'fastio-upload/server/node';

const userOf = async () => ({ userId: 'demo' });
const OPTIONS = { ...${gatewayOptions()}, upstream: process.env.FASTIO_UPSTREAM };
const PAGE = await readFile('demo/node/index.html', 'utf8');
const listening = () => console.log('http://localhost:' + server.address().port);
`;

const APPLICATIONS = {
  Express: `
import express from 'express';
${GIVEN}
const app = express();
${snippet('Express')}
app.use(express.json(), express.urlencoded());
app.get('/', (_, response) => response.type('html').send(PAGE));
app.use('/assets', express.static('dist/cdn'));
const server = app.listen(0, '127.0.0.1', listening);
`,
  Hono: `
import { Hono } from 'hono';
${GIVEN}
const app = new Hono();
${snippet('Hono')}
app.get('/', (c) => c.html(PAGE));
app.get('/assets/:name', async (c) =>
  c.body(await readFile('dist/cdn/' + c.req.param('name')), 200, { 'Content-Type': 'text/javascript' }),
);
const server = createServer(toNodeListener(async (request) => app.fetch(request))).listen(0, '127.0.0.1', listening);
`,
};

export const serveSnippet = (name: keyof typeof APPLICATIONS, storage: Storage): Promise<Runtime> =>
  inClone(async (cwd) => {
    await writeFile(join(cwd, 'app.mjs'), APPLICATIONS[name]);
    const env = { ...valuesFor(storage), FASTIO_UPSTREAM: storage.url };
    return serve({ commands: 'node app.mjs', cwd, env }, /http:\/\/localhost:(\d+)/);
  });
