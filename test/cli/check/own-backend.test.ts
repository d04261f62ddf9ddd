/** The backend of 30 lines, as the documentation has it, in front of a storage that checks what was signed. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';
import { checkBackend } from '../../../src/cli/check/check-backend.js';

const ROOT = new URL('../../../', import.meta.url);
const KEYS = { accessKeyId: 'key', secretAccessKey: 'secret' };
const [, SOURCE = ''] =
  /```js\n(.*?)```/s.exec(readFileSync(new URL('demo/docs/content/backends/own.md', ROOT), 'utf8')) ?? [];

/** Signs anew with the headers that came, and compares: a body of another length has another signature. */
const isSigned = async (url: URL, headers: Record<string, string>): Promise<boolean> => {
  const unsigned = new URL(url);
  const names = url.searchParams.get('X-Amz-SignedHeaders')?.split(';') ?? [];
  const datetime = url.searchParams.get('X-Amz-Date') ?? '';
  for (const name of [...unsigned.searchParams.keys()]) {
    if (name.startsWith('X-Amz-') && name !== 'X-Amz-Expires') unsigned.searchParams.delete(name);
  }
  const signed = names.filter((name) => name !== 'host').map((name) => [name, headers[name] ?? '']);
  const client = new AwsClient({ ...KEYS, service: 's3', region: 'us-east-1' });
  const aws = { signQuery: true, allHeaders: true, datetime };
  const again = await client.sign(unsigned.href, { method: 'PUT', headers: Object.fromEntries(signed), aws });
  return new URL(again.url).searchParams.get('X-Amz-Signature') === url.searchParams.get('X-Amz-Signature');
};

describe('the backend of 30 lines', () => {
  it('passes the check', async () => {
    let stored = 0;
    const storage = createServer(async (request, response) => {
      for (const name of ['Origin', 'Methods', 'Headers']) response.setHeader(`Access-Control-Allow-${name}`, '*');
      if (request.method === 'OPTIONS') return response.writeHead(204).end();
      const url = new URL(request.url ?? '', `http://${request.headers.host}`);
      const isRight = await isSigned(url, request.headers as Record<string, string>);
      if (isRight) stored += 1;
      request.resume();
      return response.writeHead(isRight ? 200 : 403).end();
    });
    storage.listen(0, '127.0.0.1');
    await once(storage, 'listening');
    const { port } = storage.address() as AddressInfo;
    const file = new URL(`own-backend-${process.pid}.mjs`, import.meta.url);
    const source = SOURCE.replace(
      'app.listen(3000);',
      'const server = app.listen(0, () => console.log(server.address().port));',
    );
    assert.notEqual(source, SOURCE);
    await writeFile(file, source);
    const child = spawn(process.execPath, [fileURLToPath(file)], {
      cwd: fileURLToPath(ROOT),
      env: {
        ...process.env,
        S3_ENDPOINT: `http://127.0.0.1:${port}`,
        S3_BUCKET: 'bucket',
        S3_REGION: 'us-east-1',
        S3_ACCESS_KEY_ID: KEYS.accessKeyId,
        S3_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    try {
      const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [''])]);
      const { findings, protocols } = await checkBackend(new URL(`http://127.0.0.1:${Number(line)}/api/uploads`));
      assert.deepEqual(protocols, ['presigned']);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ['no-auth'],
      );
      assert.equal(stored, 1);
    } finally {
      child.kill();
      await ended;
      await rm(file);
      storage.close();
      storage.closeAllConnections();
    }
  });
});
