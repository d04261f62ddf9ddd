/** The recipes for platforms, each as it is written, against a real S3 server: what the platform calls is called here. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sign } from 'hono/jwt';
import { type Bucket, useRgw } from './support/bucket.js';
import { type Application, writeRecipe } from './support/recipe.js';

const JWT_SECRET = 'what signs the tokens of the application';
const FILE = { filename: 'a.png', contentType: 'image/png', size: 5 };

type Handler = (request: Request) => Promise<Response>;

describe('The recipes for platforms', () => {
  const rgw = useRgw();
  let application: Application;
  let bucket: Bucket;
  let handlers: Readonly<Record<string, Handler>>;

  before(async () => {
    [application, bucket] = await Promise.all([writeRecipe('backends/platforms.md'), rgw.makeBucket()]);
    const { options } = bucket;
    Object.assign(process.env, {
      S3_ENDPOINT: options.endpoint,
      S3_REGION: options.region,
      S3_BUCKET: options.bucket,
      S3_ACCESS_KEY_ID: options.accessKeyId,
      S3_SECRET_ACCESS_KEY: options.secretAccessKey,
      TICKET_SECRET: 'a secret of more than thirty-two bytes',
      JWT_SECRET,
    });
    const load = (name: string) => import(pathToFileURL(join(application.folder, name)).href);
    const [vercel, netlify] = await Promise.all([load('vercel.mjs'), load('netlify.mjs')]);
    assert.deepEqual(netlify.config.path, ['/api/uploads', '/api/uploads/*']);
    handlers = { Vercel: vercel.default.fetch, Netlify: netlify.default };
  });
  after(() => application.close());

  const ask = (
    name: string,
    path: string,
    { token, json }: { readonly token?: string; readonly json?: object } = {},
  ) => {
    const handler = handlers[name];
    assert.ok(handler);
    const headers = {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'Content-Type': 'application/json' }),
    };
    const init = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) };
    return handler(new Request(`https://app.example/api/uploads${path}`, { ...init, headers }));
  };

  for (const name of ['Vercel', 'Netlify']) {
    it(`stores a file of the user whom the token names: ${name}`, async () => {
      const token = await sign({ sub: `ada-${name}`, exp: Math.floor(Date.now() / 1000) + 60 }, JWT_SECRET, 'HS256');
      const offer = await (await ask(name, '', { token })).json();
      assert.deepEqual(offer.protocols, ['presigned', 'multipart']);
      const grant = await (await ask(name, '/presigned', { token, json: FILE })).json();
      const headers = { 'Content-Type': FILE.contentType };
      assert.equal((await fetch(grant.uploadUrl, { method: 'PUT', headers, body: 'hello' })).status, 200);
      const confirmed = await ask(name, '/confirm', { token, json: { fileId: grant.fileId } });
      const { fileId } = await confirmed.json();
      assert.match(fileId, new RegExp(`^users/ada-${name}/`));
      assert.ok((await bucket.keys()).includes(fileId));
    });
  }

  it('answers 401 without a token, to one that has expired, and to one of another secret', async () => {
    const expired = await sign({ sub: 'ada', exp: Math.floor(Date.now() / 1000) - 60 }, JWT_SECRET, 'HS256');
    const foreign = await sign({ sub: 'ada' }, 'another secret', 'HS256');
    for (const options of [{}, { token: expired }, { token: foreign }, { token: 'x' }]) {
      assert.equal((await ask('Vercel', '', options)).status, 401);
    }
  });
});
