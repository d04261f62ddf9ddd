/** The recipes for buckets, each as it is written, against a real S3 server. They use the package as `npm run build` made it. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { TestBrowser } from '../e2e/support/demo-page.js';
import { MadeFiles } from '../e2e/support/made-files.js';
import { run, serve } from '../runtimes/support/runtime.js';
import { type Bucket, useRgw } from './support/bucket.js';
import { type Application, writeRecipe } from './support/recipe.js';
import { runWorker } from './support/worker.js';

const MiB = 2 ** 20;

/** What the reader fills in. */
const valuesFor = ({ options }: Bucket): Record<string, string> => ({
  S3_ENDPOINT: options.endpoint,
  S3_REGION: options.region,
  S3_BUCKET: options.bucket,
  S3_ACCESS_KEY_ID: options.accessKeyId,
  S3_SECRET_ACCESS_KEY: options.secretAccessKey,
  TICKET_SECRET: 'a secret of more than thirty-two bytes',
  PORT: '0',
});

const json = async (url: string, body: object): Promise<Record<string, string>> => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(response.status, 200, `${url} answered ${response.status}`);
  return response.json() as Promise<Record<string, string>>;
};

const put = async (url: string | undefined, body: Uint8Array<ArrayBuffer>): Promise<number> =>
  (await fetch(url ?? '', { method: 'PUT', headers: { 'Content-Type': 'image/png' }, body })).status;

describe('The recipes for buckets', () => {
  const rgw = useRgw();
  let application: Application;
  before(async () => {
    application = await writeRecipe('backends/s3-recipes.md');
  });
  after(() => application.close());

  const serveProgram = async (context: TestContext, name: string, bucket: Bucket): Promise<string> => {
    const shell = { commands: `node ${name}`, cwd: application.folder, env: valuesFor(bucket) };
    const { url, close } = await serve(shell, /http:\/\/localhost:(\d+)/);
    context.after(close);
    return url;
  };

  it('print the CORS rules', async () => {
    const env = { S3_ENDPOINT: 'https://a1.r2.cloudflarestorage.com', PAGE_ORIGIN: 'https://app.example' };
    const printed = await run({ commands: 'node cors.mjs', cwd: application.folder, env });
    assert.match(printed, /^Cloudflare R2\n/);
    assert.match(printed, /"https:\/\/app\.example"/);
  });

  it('serve a page in Node whose files are in the bucket, and list and open them', async (context) => {
    const bucket = await rgw.makeBucket();
    const url = await serveProgram(context, 'server.mjs', bucket);
    const [browser, files] = await Promise.all([TestBrowser.start(), MadeFiles.begin()]);
    try {
      const made = [await files.make('small.bin', 1000), await files.make('larger.bin', 20 * MiB)];
      const page = await browser.open(url, 'auto');
      await page.choose(...made.map(({ path }) => path));
      await page.settled(made.length);
      const keys = await bucket.keys();
      const digests = await Promise.all(keys.map((key) => bucket.digest(key)));
      assert.deepEqual(digests.sort(), made.map(({ sha256 }) => sha256).sort());
      assert.ok(keys.every((key) => key.startsWith('users/ada/')));
      const listed = await (await fetch(`${url}/api/uploads/files`)).json();
      assert.deepEqual(listed.files.map(({ name }: { name: string }) => name).sort(), ['larger.bin', 'small.bin']);
      const [first] = listed.files;
      const opened = await fetch(url + first.url);
      assert.equal((await opened.arrayBuffer()).byteLength, first.size);
    } finally {
      await Promise.all([browser.close(), files.close()]);
    }
  });

  it('run in a Worker', async (context) => {
    const bucket = await rgw.makeBucket();
    const { PORT: _, ...bindings } = valuesFor(bucket);
    const worker = await runWorker(join(application.folder, 'worker.js'), bindings);
    context.after(() => worker.close());
    const base = `${worker.url}/api/uploads`;
    const bytes = new Uint8Array(randomBytes(1000));
    const wanted = { filename: 'a.png', contentType: 'image/png', size: 1000 };
    const { uploadUrl, fileId } = await json(`${base}/presigned`, wanted);
    assert.equal(await put(uploadUrl, bytes), 200);
    const confirmed = await json(`${base}/confirm`, { fileId });
    assert.deepEqual(await bucket.keys(), [confirmed.fileId]);
    assert.deepEqual(await bucket.bytes(confirmed.fileId ?? ''), bytes);
  });

  it('sign URLs without the gateway, good for exactly what was announced', async (context) => {
    const bucket = await rgw.makeBucket();
    const url = await serveProgram(context, 'presign.mjs', bucket);
    const bytes = new Uint8Array(randomBytes(1000));
    const { uploadUrl, fileId } = await json(url, { filename: 'a b.png', contentType: 'image/png', size: 1000 });
    assert.equal(await put(uploadUrl, bytes.subarray(1)), 403);
    assert.equal(await put(uploadUrl, bytes), 200);
    assert.deepEqual(await bucket.bytes(fileId ?? ''), bytes);
  });
});
