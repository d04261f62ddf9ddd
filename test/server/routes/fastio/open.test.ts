import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile } from '../../../../src/server/index.js';
import { refusal } from '../../support/scripted-upstream.js';
import { asForm, asMultipart, currentUpstream, FILE, fastioOver, formOf, OPEN } from './support.js';

describe('fastio open', () => {
  it('puts the file where the gateway says, under a clean name, and drops every other field', async () => {
    const upstream = currentUpstream();
    const response = await fastioOver(upstream)(
      'POST',
      '/current/upload/',
      asForm({
        ...FILE,
        name: '../../etc/pass\0wd',
        relative_path: '../a/./b/',
        instance_id: 'evil',
        folder_id: 'evil',
        profile_type: 'share',
        if_version_id: '1',
        stream: 'true',
        hash: 'e3069283',
        hash_algo: 'crc32c',
      }),
    );
    const { result, id } = await response.json();
    assert.equal(result, true);
    assert.match(id, /^[\w-]+\.[\w-]+$/);
    assert.deepEqual(Object.fromEntries(new URLSearchParams(upstream.asked(OPEN)[0]?.text)), {
      name: '.._.._etc_passwd',
      size: '9',
      action: 'create',
      instance_id: 'ws_1',
      folder_id: 'root',
      profile_type: 'workspace',
      relative_path: 'a/b/',
      hash: 'e3069283',
      hash_algo: 'crc32c',
    });
  });

  it('stores a small file whole, streamed into a form of our own', async () => {
    const stored: StoredFile[] = [];
    const upstream = currentUpstream().on(OPEN, () => Response.json({ result: true, id: 'up1', new_file_id: 'node1' }));
    const send = fastioOver(upstream, { onStored: (file) => void stored.push(file) });
    const file = new Blob(['123456789'], { type: 'image/png' });
    const sent = asMultipart({ ...FILE, instance_id: 'evil' }, { chunk: file });
    const answer = await (await send('POST', '/current/upload/', sent)).json();
    assert.equal(answer.new_file_id, 'node1');
    assert.notEqual(answer.id, 'up1');
    const [asked] = upstream.asked(OPEN);
    assert.ok(asked);
    assert.deepEqual(await formOf(asked), {
      ...FILE,
      instance_id: 'ws_1',
      folder_id: 'root',
      profile_type: 'workspace',
      chunk: 'file:123456789',
    });
    assert.deepEqual(stored, [
      {
        fileId: 'node1',
        userId: 'ann',
        workspaceId: 'ws_1',
        folderId: 'root',
        name: 'a.bin',
        size: 9,
        type: 'image/png',
        protocol: 'fastio',
      },
    ]);
  });

  it('does not let a file that is stored be sent again because the hook failed', async () => {
    let calls = 0;
    const onStored = () => {
      if (++calls === 1) throw new Error('no database');
    };
    const upstream = currentUpstream().on(OPEN, () => Response.json({ result: true, id: 'up1', new_file_id: 'node1' }));
    const send = fastioOver(upstream, { onStored });
    const sent = asMultipart(FILE, { chunk: new Blob(['123456789']) });
    const { id, new_file_id: told } = await (await send('POST', '/current/upload/', sent)).json();
    assert.equal(told, undefined);
    const { session } = await (await send('GET', `/current/upload/${id}/details/`)).json();
    assert.deepEqual([session.new_file_id, calls], ['node1', 2]);
  });

  it('takes an empty file', async () => {
    const sent = asMultipart({ ...FILE, size: '0' }, { chunk: new Blob([]) });
    assert.equal((await fastioOver(currentUpstream())('POST', '/current/upload/', sent)).status, 200);
  });

  it('does not believe a size', async () => {
    const send = fastioOver(currentUpstream());
    const post = async (size: string, text: string) =>
      refusal(await send('POST', '/current/upload/', asMultipart({ ...FILE, size }, { chunk: new Blob([text]) })));
    assert.deepEqual(await post('3', '1234'), [413, 'too-large']);
    assert.deepEqual(await post('5', '1234'), [400, 'bad-request']);
    assert.deepEqual(await post('4194305', '1'), [413, 'too-large']);
  });

  it('holds the limits', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream, { limits: { maxFileSize: 8, accept: 'image/*,.txt' } });
    const post = async (sent: object) => refusal(await send('POST', '/current/upload/', sent));
    assert.deepEqual(await post(asForm({ ...FILE, name: 'a.txt' })), [413, 'too-large']);
    assert.deepEqual(await post(asForm({ ...FILE, size: '8' })), [415, 'type-not-allowed']);
    assert.deepEqual(await post(asMultipart({ ...FILE, size: '1' }, { chunk: new Blob(['1'], { type: 'a/b' }) })), [
      415,
      'type-not-allowed',
    ]);
    assert.equal(upstream.seen.length, 0);
    const typed = asForm({ ...FILE, size: '8', type: 'image/png' });
    assert.equal((await send('POST', '/current/upload/', typed)).status, 200);
  });

  it('takes no more fields than it can keep, however they are called', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const post = async (names: string[]) => {
      const fields = Object.fromEntries(names.map((name) => [name, '']));
      return send('POST', '/current/upload/', asMultipart({ ...fields, ...FILE }, { chunk: new Blob(['123456789']) }));
    };
    const called = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}${index}`);
    assert.deepEqual(await refusal(await post(called(10, 'n'.repeat(8000)))), [413, 'too-large']);
    assert.deepEqual(await refusal(await post(called(2000, ''))), [413, 'too-large']);
    assert.equal(upstream.seen.length, 0);
    assert.equal((await post(called(100, 'other'))).status, 200);
  });

  it('refuses fields that make no sense', async () => {
    const send = fastioOver(currentUpstream());
    const wrong = [{ size: 'x' }, { name: '' }, { size: '-1' }, { hash: 'zz', hash_algo: 'md5' }, { hash: 'e3069283' }];
    for (const fields of [...wrong, { action: 'erase' }, { action: 'update' }]) {
      const response = await send('POST', '/current/upload/', asForm({ ...FILE, ...fields }));
      assert.deepEqual(await refusal(response), [400, 'bad-request'], JSON.stringify(fields));
    }
  });
});
