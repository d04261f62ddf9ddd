import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currentUpstream, fastioOver } from './support.js';

describe('fastio limits', () => {
  it('are those of the place that the gateway chose, with its own on top, and asked once', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream, { limits: { maxFileSize: 500 } });
    const path = '/current/upload/limits/?action=create&instance_id=evil';
    const answers = await Promise.all([send('GET', path), send('GET', path)]);
    assert.deepEqual(await answers[0]?.json(), { result: true, chunk_size: 100e6, size: 500, chunks: 35 });
    assert.equal(upstream.seen.length, 1);
    assert.equal(upstream.seen[0]?.query, 'action=create&instance_id=ws_1&folder_id=root');
  });

  it('include the digests that the storage checks', async () => {
    const response = await fastioOver(currentUpstream())('GET', '/current/upload/algos/');
    assert.deepEqual(await response.json(), { result: true, algos: ['sha256', 'crc32c'] });
  });
});
