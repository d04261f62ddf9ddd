/** Against form handlers of about twenty lines, one by Express and one that answers as a SvelteKit form action does. */

import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import express, { type Response as ExpressResponse } from 'express';
import { UploadEngine, type UploadEngineOptions, type UploadSnapshot } from '../../src/preset.js';
import { bytesOf, fileOf } from '../support/builders.js';

describe('form', () => {
  let server: Server;
  let url: string;
  /** The fields of the last form, by name; files as name, type and bytes. */
  let received: Map<string, string | readonly [string, string, Buffer]>;
  let answer: (response: ExpressResponse) => void;

  before(async () => {
    const app = express();
    app.post('/upload', async (request, response) => {
      const init = { method: 'POST', headers: request.headers, body: request, duplex: 'half' };
      const fields = await new Request('http://localhost', init as never).formData();
      received = new Map();
      for (const [name, value] of fields) {
        const isText = typeof value === 'string';
        received.set(name, isText ? value : [value.name, value.type, Buffer.from(await value.arrayBuffer())]);
      }
      answer(response);
    });
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/upload`;
  });

  beforeEach(() => {
    answer = (response) => response.json({ fileId: 'f1' });
  });

  after(() => server.close());

  const upload = (file: File, options: Partial<UploadEngineOptions> = {}): Promise<UploadSnapshot> =>
    new Promise((resolve) => {
      const engine = new UploadEngine({ endpoint: url, protocol: 'form', ...options });
      engine.addEventListener('upload-complete', ({ detail }) => resolve(detail.upload));
      engine.addEventListener('upload-failed', ({ detail }) => resolve(detail.upload));
      engine.addFiles([file]);
    });

  it('sends the file in the field `file`, after the metadata', async () => {
    const file = fileOf('ä.txt', 200_000, { type: 'text/plain' });
    const { state, fileId, confirmedBytes } = await upload(file, { metadata: { album: 'summer', tags: [1] } });

    assert.deepEqual([state, fileId, confirmedBytes], ['done', 'f1', 200_000]);
    assert.deepEqual(
      [...received],
      [
        ['album', 'summer'],
        ['tags', '[1]'],
        ['file', ['ä.txt', 'text/plain', Buffer.from(bytesOf(200_000))]],
      ],
    );
  });

  it('names the field as the page wants it', async () => {
    await upload(fileOf('a.txt', 10), { fileField: 'photo' });

    assert.deepEqual([...received.keys()], ['photo']);
  });

  for (const [name, body, fileId] of [
    ['an id by another name', { id: 7 }, '7'],
    ['the value of a SvelteKit form action', { type: 'success', status: 200, data: '[{"fileId":1},"k1"]' }, 'k1'],
  ] as const) {
    it(`takes ${name}`, async () => {
      answer = (response) => response.json(body);
      assert.equal((await upload(fileOf('a.txt', 10))).fileId, fileId);
    });
  }

  it('takes an empty answer, with an id of its own', async () => {
    answer = (response) => response.status(204).end();
    const { state, fileId, id } = await upload(fileOf('a.txt', 10));

    assert.deepEqual([state, fileId], ['done', id]);
  });

  it('takes no page for a receipt', async () => {
    answer = (response) => response.send('<!doctype html><title>Sign in</title>');

    assert.equal((await upload(fileOf('a.txt', 10))).error?.code, 'protocol');
  });

  it('fails where a SvelteKit form action refuses the file with status 200', async () => {
    answer = (response) => response.json({ type: 'failure', status: 422, data: '[]' });
    const { error } = await upload(fileOf('a.txt', 10));

    assert.deepEqual([error?.code, error?.status], ['http', 422]);
  });

  it('fails with what the backend answers', async () => {
    answer = (response) => response.status(413).json({ error: { code: 'too-large' } });

    assert.equal((await upload(fileOf('a.txt', 10))).error?.code, 'too-large');
  });
});
