import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileToOpen, StoredFile } from '../../src/server/index.js';
import { asForm, asMultipart, BATCH, currentUpstream, fastioOver, OPEN, openUp } from './routes/fastio/support.js';
import { gatewayOver, INIT, MINT, refusal, workingUpstream } from './support/scripted-upstream.js';

const FILE = {
  filename: 'a.txt',
  contentType: 'text/plain',
  size: 3,
  relativePath: 'x/a.txt',
  metadata: { tag: 'red' },
};

describe('beforeOpen', () => {
  it('is given the file as it was let in, and the caller', async () => {
    const seen: unknown[] = [];
    const send = gatewayOver(workingUpstream(), { beforeOpen: (...all) => void seen.push(all), folderId: 'fo_1' });
    await send('POST', '/presigned', { json: { ...FILE, filename: 'a/b.txt' } });
    const metadata = { tag: 'red', gateway_original_name: 'a/b.txt' };
    const file = {
      name: 'a_b.txt',
      size: 3,
      type: 'text/plain',
      relativePath: 'x/a.txt',
      metadata,
      protocol: 'presigned',
    };
    assert.deepEqual(seen, [[file, { userId: 'ann', workspaceId: 'ws_1', folderId: 'fo_1', limits: {} }]]);
  });

  it('names, places and tags the file', async () => {
    const upstream = workingUpstream();
    const beforeOpen = ({ name }: FileToOpen) => ({
      name: `../${name}`,
      folderId: 'fo_9',
      metadata: { owner: 'ann' },
    });
    const send = gatewayOver(upstream, { beforeOpen });
    await send('POST', '/presigned', { json: FILE });
    const { filename, folder_id, relative_path, metadata } = upstream.asked(MINT)[0]?.json ?? {};
    assert.deepEqual(
      [filename, folder_id, relative_path, metadata],
      ['.._a.txt', 'fo_9', 'x/.._a.txt', { owner: 'ann' }],
    );
    const id = (await (await send('POST', '/chunked/init', { json: { filename: 'a', total_size: 9 } })).json())
      .upload_id;
    // The caller's folder is still the one that was authorized.
    assert.equal((await send('GET', `/chunked/${id}`)).status, 200);
    assert.equal(upstream.asked(INIT)[0]?.json.folder_id, 'fo_9');
  });

  it('refuses in words for people, before anything is opened', async () => {
    const upstream = workingUpstream();
    const beforeOpen = ({ size = 0 }: FileToOpen) =>
      size > 3 ? { reject: 'Your storage is full.', status: 409 } : { reject: 'No.' };
    const send = gatewayOver(upstream, { beforeOpen });
    const response = await send('POST', '/presigned', { json: { ...FILE, size: 4 } });
    const message = 'Your storage is full.';
    assert.deepEqual(
      [response.status, await response.json()],
      [409, { error: { code: 'rejected', message, userMessage: message } }],
    );
    assert.deepEqual(await refusal(await send('POST', '/presigned', { json: FILE })), [422, 'rejected']);
    const { grants } = await (await send('POST', '/presigned', { json: { files: [FILE] } })).json();
    assert.equal(grants[0].error.userMessage, 'No.');
    assert.equal(upstream.seen.length, 0);
  });

  it('hears of files of every dialect', async () => {
    const seen: string[] = [];
    const upstream = currentUpstream().on(BATCH, () =>
      Response.json({ result: true, results: [{ index: 0, status: 'ok', upload_id: 'up1', node_id: 'node1' }] }),
    );
    const stored: StoredFile[] = [];
    const send = fastioOver(upstream, {
      beforeOpen: ({ name, size, metadata }) => void seen.push(`${name} ${size} ${JSON.stringify(metadata)}`),
      onStored: (file) => void stored.push(file),
    });
    await openUp(send, { name: 'a.bin', size: '9', metadata: '{"tag":"red"}' });
    const manifest = JSON.stringify([{ index: 0, filename: 'b.bin', metadata: { tag: 'blue' } }]);
    await send('POST', '/current/upload/batch/', asMultipart({ manifest }, { file_0: new Blob(['x']) }));
    assert.deepEqual(seen, ['a.bin 9 {"tag":"red"}', 'b.bin undefined {"tag":"blue"}']);
    assert.deepEqual(stored[0]?.metadata, { tag: 'blue' });
  });

  it('of a session through fastio, the metadata reach the hook when it is stored', async () => {
    const stored: StoredFile[] = [];
    const send = fastioOver(currentUpstream(), { onStored: (file) => void stored.push(file) });
    const id = await openUp(send, { name: 'a.bin', size: '9', metadata: '{"tag":"red"}' });
    await send('GET', `/current/upload/${id}/details/`);
    assert.deepEqual(stored[0]?.metadata, { tag: 'red' });
    const long = { name: 'a', size: '9', metadata: JSON.stringify({ note: 'x'.repeat(3000) }) };
    assert.deepEqual(await refusal(await send('POST', '/current/upload/', asForm(long))), [400, 'bad-request']);
    assert.deepEqual(await refusal(await send('POST', '/current/upload/', asForm({ ...long, metadata: '[]' }))), [
      400,
      'bad-request',
    ]);
  });

  it('that fails is an error of the gateway, and nothing is opened', async () => {
    const upstream = currentUpstream();
    const beforeOpen = () => Promise.reject(new Error('no database'));
    const response = await fastioOver(upstream, { beforeOpen })(
      'POST',
      '/current/upload/',
      asForm({ name: 'a', size: '1' }),
    );
    assert.deepEqual([await refusal(response), upstream.asked(OPEN).length], [[500, 'internal'], 0]);
  });
});
