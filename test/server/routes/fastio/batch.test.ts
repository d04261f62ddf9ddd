import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile } from '../../../../src/server/index.js';
import { refusal } from '../../support/scripted-upstream.js';
import { asMultipart, BATCH, currentUpstream, fastioOver, formOf, NODE } from './support.js';

const png = (text: string) => new Blob([text], { type: 'image/png' });

const batchOf = (entries: readonly object[], files: Readonly<Record<string, Blob>>) =>
  asMultipart({ instance_id: 'evil', folder_id: 'evil', creator: 'evil', manifest: JSON.stringify(entries) }, files);

const TWO = batchOf(
  [
    { index: 0, filename: '../a.png', relative_path: '../x/', evil: true, hash: 'e3069283', hash_algo: 'crc32c' },
    { index: 1, filename: 'b.png' },
  ],
  { file_0: png('123'), file_1: png('') },
);

const results =
  (...list: readonly object[]) =>
  () =>
    Response.json({ result: true, batch_id: 'b1', results: list });

const OK = { status: 'ok', upload_id: 'up1', node_id: 'node1' };

describe('fastio batch', () => {
  it('goes where the gateway says, under clean names, and passes the bytes', async () => {
    const upstream = currentUpstream().on(BATCH, results({ index: 0, ...OK }));
    await fastioOver(upstream)('POST', '/current/upload/batch/', TWO);
    const [asked] = upstream.asked(BATCH);
    assert.ok(asked);
    const { manifest = '', ...form } = await formOf(asked);
    assert.deepEqual(form, { instance_id: 'ws_1', folder_id: 'root', file_0: 'file:123', file_1: 'file:' });
    assert.deepEqual(JSON.parse(manifest), [
      { index: 0, filename: '.._a.png', relative_path: 'x/', hash: 'e3069283', hash_algo: 'crc32c' },
      { index: 1, filename: 'b.png' },
    ]);
  });

  it('answers results by index, with tickets for sessions, and tells the hook of what is stored', async () => {
    const stored: StoredFile[] = [];
    const upstream = currentUpstream().on(
      BATCH,
      results({ index: 1, status: 'error', error_code: 199003, error_message: 'disk sda1' }, { index: 0, ...OK }),
    );
    const send = fastioOver(upstream, { onStored: (file) => void stored.push(file) });
    const answer = await (await send('POST', '/current/upload/batch/', TWO)).json();
    const [first, second] = answer.results;
    assert.deepEqual([answer.count_total, answer.count_succeeded, answer.count_errored], [2, 1, 1]);
    assert.deepEqual([first.index, first.status, first.node_id], [0, 'ok', 'node1']);
    assert.match(first.upload_id, /^[\w-]+\.[\w-]+$/);
    assert.deepEqual([second.index, second.status, second.error_code], [1, 'error', 199003]);
    assert.doesNotMatch(JSON.stringify(answer), /sda1|up1/);
    assert.deepEqual(stored, [
      {
        fileId: 'node1',
        userId: 'ann',
        workspaceId: 'ws_1',
        folderId: 'root',
        name: '.._a.png',
        size: 3,
        type: 'image/png',
        relativePath: 'x/.._a.png',
        metadata: { gateway_original_name: '../a.png' },
        protocol: 'fastio',
      },
    ]);
    const details = await (await send('GET', `/current/upload/${first.upload_id}/details/`)).json();
    assert.equal(details.session.new_file_id, 'node1');
    assert.equal(stored.length, 1);
  });

  it('leaves a file whose hook failed to be asked for again', async () => {
    let calls = 0;
    const onStored = () => {
      if (++calls === 1) throw new Error('no database');
    };
    const upstream = currentUpstream()
      .on(BATCH, results({ index: 0, ...OK }))
      .on(NODE, () => Response.json({ result: true, node: { id: 'node1', name: '.._a.png', size: 3 } }));
    const send = fastioOver(upstream, { onStored });
    const [first] = (await (await send('POST', '/current/upload/batch/', TWO)).json()).results;
    assert.equal(first.node_id, null);
    assert.equal((await send('GET', `/current/upload/${first.upload_id}/details/`)).status, 200);
    assert.equal(calls, 2);
  });

  it('keeps the session of one user from another', async () => {
    const send = fastioOver(currentUpstream().on(BATCH, results({ index: 0, ...OK })));
    const [first] = (await (await send('POST', '/current/upload/batch/', TWO)).json()).results;
    const stolen = await send('GET', `/current/upload/${first.upload_id}/details/`, { user: 'bob' });
    assert.deepEqual(await refusal(stolen), [403, 'forbidden']);
  });

  it('holds the limits', async () => {
    const upstream = currentUpstream().on(BATCH, results());
    const post = async (limits: object, sent = TWO) =>
      refusal(await fastioOver(upstream, { limits })('POST', '/current/upload/batch/', sent));
    assert.deepEqual(await post({ maxFiles: 1 }), [413, 'too-large']);
    assert.deepEqual(await post({ maxFileSize: 2 }), [413, 'too-large']);
    assert.deepEqual(await post({ accept: '.txt' }), [415, 'type-not-allowed']);
    const many = Array.from({ length: 201 }, (_, index) => ({ index, filename: 'a' }));
    assert.deepEqual(await post({}, batchOf(many, {})), [413, 'too-large']);
    const big = batchOf([{ index: 0, filename: 'a' }], { file_0: new Blob([new Uint8Array(4 * 2 ** 20 + 1)]) });
    assert.deepEqual(await post({}, big), [413, 'too-large']);
  });

  it('refuses what is not in the manifest, twice there, or no manifest', async () => {
    const upstream = currentUpstream().on(BATCH, results());
    const wrong = [
      batchOf([], {}),
      batchOf([{ filename: 'a' }], { file_0: png('1') }),
      batchOf([{ index: 0 }], { file_0: png('1') }),
      batchOf(
        [
          { index: 0, filename: 'a' },
          { index: 0, filename: 'b' },
        ],
        { file_0: png('1') },
      ),
      batchOf([{ index: 0, filename: 'a' }], { file_1: png('1') }),
      batchOf([{ index: 0, filename: 'a' }], { other: png('1') }),
      asMultipart({ manifest: 'hello' }, { file_0: png('1') }),
      { body: 'hello' },
    ];
    for (const sent of wrong) {
      const response = await fastioOver(upstream)('POST', '/current/upload/batch/', sent);
      assert.deepEqual(await refusal(response), [400, 'bad-request']);
    }
  });

  it('passes on that the plan has no credits', async () => {
    const broke = () => Response.json({ result: false, error: { code: 1688, text: 'no credits' } }, { status: 402 });
    const response = await fastioOver(currentUpstream().on(BATCH, broke))('POST', '/current/upload/batch/', TWO);
    assert.deepEqual(await refusal(response), [402, 'upstream']);
  });
});
