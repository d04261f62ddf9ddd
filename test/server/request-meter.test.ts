import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RequestReport } from '../../src/server/index.js';
import { gatewayOver, workingUpstream } from './support/scripted-upstream.js';

const setUp = (upstream = workingUpstream()) => {
  const reports: RequestReport[] = [];
  const send = gatewayOver(upstream, { onRequest: (report) => void reports.push(report) });
  return { send, reports };
};

describe('onRequest', () => {
  it('is told of every request when it ends, under the id that the answer names', async () => {
    const { send, reports } = setUp();
    const json = { filename: 'a', total_size: 9 };
    const response = await send('POST', '/chunked/init', { json });
    const { upload_id: id } = await response.json();
    await send('PUT', `/chunked/${id}/parts`, { body: '12345', headers: { 'Fastio-Part-Number': '1' } });
    await send('GET', '/nothing');
    await send('GET', '', { user: null });
    assert.deepEqual(
      reports.map(({ method, route, userId, status, bytes, upstreamCalls }) => [
        method,
        route,
        userId,
        status,
        bytes,
        upstreamCalls,
      ]),
      [
        ['POST', 'chunked/init', 'ann', 200, JSON.stringify(json).length, 1],
        ['PUT', 'chunked/:id/parts', 'ann', 200, 5, 1],
        ['GET', null, null, 404, 0, 0],
        ['GET', '', null, 401, 0, 0],
      ],
    );
    assert.equal(response.headers.get('x-request-id'), reports[0]?.id);
    assert.match(response.headers.get('server-timing') ?? '', /^gateway;dur=\d+, upstream;dur=\d+;desc="1 calls"$/);
    assert.ok(reports.every(({ milliseconds }) => milliseconds >= 0));
  });

  it('changes nothing when it fails', async () => {
    const onRequest = () => Promise.reject(new Error('no log'));
    const response = await gatewayOver(workingUpstream(), { onRequest })('GET', '/nothing');
    assert.equal(response.status, 404);
  });

  it('names neither tickets nor bodies', async () => {
    const { send, reports } = setUp();
    const { upload_id: id } = await (
      await send('POST', '/chunked/init', { json: { filename: 'secret.txt', total_size: 9 } })
    ).json();
    await send('GET', `/chunked/${id}`);
    assert.doesNotMatch(JSON.stringify(reports), new RegExp(`secret|${id}`));
  });
});
