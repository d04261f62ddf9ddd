import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkBackend } from '../../../src/cli/check/check-backend.js';
import { BACKENDS, backendOf, FRAMEWORKS, STORAGES } from '../../../src/cli/init/choices.js';
import { run } from '../../../src/cli/run.js';
import { startEmulator } from '../../../src/emulator/start-emulator.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TSX = import.meta.resolve('tsx');

describe('init', () => {
  let folder = '';
  let printed = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fastio-upload-init-'));
    printed = '';
  });

  afterEach(() => rm(folder, { recursive: true }));

  const output = {
    print: (text: string) => {
      printed += text;
    },
    printError: (text: string) => {
      printed += text;
    },
  };
  const init = (...flags: string[]) => run(['init', '--dir', folder, ...flags], output);
  const read = (path: string) => readFile(join(folder, path), 'utf8');

  it('writes a page, a handler, what mounts it, and the environment file', async () => {
    assert.equal(await init('--yes'), 0);
    const paths = [...printed.matchAll(/^wrote (.*)$/gm)].map(([, path]) => path);
    assert.deepEqual(paths, ['public/index.html', 'uploads.mjs', 'server.mjs', '.env']);
    assert.match(await read('public/index.html'), /<fastio-upload endpoint="\/api\/uploads"/);
    const [, secret = ''] = /^TICKET_SECRET=(.*)$/m.exec(await read('.env')) ?? [];
    assert.equal(Buffer.from(secret, 'base64url').byteLength, 32);
  });

  it('keeps what exists, byte for byte, and says so by its exit code', async () => {
    await writeFile(join(folder, '.env'), 'SECRET=mine\n');
    assert.equal(await init('--yes'), 1);
    assert.match(printed, /^kept {2}\.env \(it exists\)$/m);
    assert.equal(await read('.env'), 'SECRET=mine\n');
  });

  it('asks nothing without a terminal, and names the flags', async () => {
    assert.equal(await init('--framework', 'react'), 2);
    assert.match(printed, /--framework, --backend and --storage, or --yes/);
  });

  it('refuses a name that it does not know, and lists those that it knows', async () => {
    assert.equal(await init('--framework', 'ember'), 2);
    assert.match(printed, /--framework must be one of plain, react, vue/);
  });

  it('leads from the files to a page that uploads into the bucket', async () => {
    await init('--framework', 'react', '--backend', 'node', '--storage', 's3');
    assert.match(
      printed,
      /show src\/Uploads\.jsx in your application, npm run dev, and open http:\/\/localhost:5173$/m,
    );
    assert.match(printed, /allow http:\/\/localhost:5173 in the bucket's CORS rules/);
  });

  it('names the setting that Next needs, and the URL of its page', async () => {
    await init('--framework', 'next', '--backend', 'next', '--storage', 'fastio');
    assert.match(printed, /skipTrailingSlashRedirect: true/);
    assert.match(printed, /open http:\/\/localhost:3000\/uploads$/m);
    assert.doesNotMatch(printed, /CORS/);
  });

  it('writes a server that does not start without its settings', async () => {
    await init('--yes');
    assert.match(await read('uploads.mjs'), /^export const uploads = createUploadHandler\(settings\(\)\);$/m);
  });

  for (const framework of FRAMEWORKS) {
    for (const backend of new Set([backendOf(framework), ...(framework === 'plain' ? BACKENDS : [])])) {
      for (const storage of STORAGES) {
        it(`fills every blank for ${framework}, ${backend} and ${storage}`, async () => {
          assert.equal(await init('--framework', framework, '--backend', backend, '--storage', storage), 0);
          const paths = [...printed.matchAll(/^wrote (.*)$/gm)].map(([, path]) => path ?? '');
          const texts = await Promise.all(paths.map(read));
          assert.equal(texts.length, 4);
          for (const text of texts) assert.doesNotMatch(text, /\bENV\.|SCRIPT"|undefined/);
        });
      }
    }
  }

  for (const backend of ['node', 'express'] as const) {
    it(`writes a server for ${backend} that runs, serves its page, and passes the check`, async () => {
      const emulator = await startEmulator({ apiKey: 'key' });
      await init('--framework', 'plain', '--backend', backend, '--storage', 'fastio');
      // The package as it is in this repository; the sources stand for what is built of them.
      const installed = join(folder, 'node_modules/fastio-upload');
      await mkdir(installed, { recursive: true });
      const entries = { './server': './src/server/index.ts', './server/node': './src/server/node.ts' };
      await writeFile(join(installed, 'package.json'), JSON.stringify({ type: 'module', exports: entries }));
      await symlink(join(ROOT, 'src'), join(installed, 'src'));
      await symlink(join(ROOT, 'node_modules/express'), join(folder, 'node_modules/express'));
      const settings = { FASTIO_API_KEY: 'key', FASTIO_WORKSPACE_ID: '1', FASTIO_UPSTREAM: emulator.url, PORT: '0' };
      const server = spawn(process.execPath, ['--import', TSX, '--env-file=.env', 'server.mjs'], {
        cwd: folder,
        env: { ...process.env, ...settings },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(server, 'exit');
      try {
        const [line] = await Promise.race([once(server.stdout, 'data'), ended.then(() => [''])]);
        const origin = String(line).trim();
        const { findings, protocols } = await checkBackend(new URL('/api/uploads', origin));
        assert.deepEqual(protocols, ['presigned', 'chunked']);
        assert.deepEqual(
          findings.filter(({ level }) => level === 'fault'),
          [],
        );
        assert.equal(emulator.files().length > 0, true);
        const page = await fetch(origin);
        assert.equal(await page.text(), await read('public/index.html'));
        const outside = await fetch(new URL('/..%2f.env', origin));
        assert.equal(outside.status === 200, false);
      } finally {
        server.kill();
        await ended;
        await emulator.close();
      }
    });
  }
});
