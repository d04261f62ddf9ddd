import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FastioApi } from '../../../src/protocols/fastio/api.js';
import { CompletionPoller } from '../../../src/protocols/fastio/completion-poller.js';
import { Backend } from '../../../src/protocols/shared/backend.js';
import { parseSessionId, type SessionId } from '../../../src/wire/fastio.js';
import { FakeClock } from '../../support/fake-clock.js';
import { ScriptedTransport } from '../../support/scripted-transport.js';

const settling = (lookUp: () => Promise<string | null> = async () => null) => {
  const transport = new ScriptedTransport();
  const clock = new FakeClock();
  const endpoint = 'https://app.test/current';
  const backend = new Backend({ transport, endpoint, credentials: 'same-origin', headers: {}, clock });
  const poller = new CompletionPoller(new FastioApi(backend, clock), clock);
  const settled = poller.untilStored(parseSessionId('s1') as SessionId, lookUp, new AbortController());
  const tell = async (session: object) => {
    await (await transport.next('GET', '/current/upload/s1/details/')).answer({ json: { result: true, session } });
    await clock.advance(5_000);
  };
  return { settled, tell, transport };
};

describe('CompletionPoller', () => {
  for (const status of ['stored', 'complete']) {
    it(`takes a session for a file that is ${status} and names it`, async () => {
      const { settled, tell } = settling();
      await tell({ status: 'assembling' });
      await tell({ status, new_file_id: 'node-1' });

      assert.equal((await settled).fileId, 'node-1');
    });
  }

  it('polls on while a complete session names no file', async () => {
    const { settled, tell } = settling();
    await tell({ status: 'complete', new_file_id: null });
    await tell({ status: 'storing' });
    await tell({ status: 'stored', new_file_id: 'node-1' });

    assert.equal((await settled).fileId, 'node-1');
  });

  it('looks for the file of one that stays complete for a minute without an id, once a minute', async () => {
    const found = [null, 'node-1'];
    let looks = 0;
    const { settled, tell, transport } = settling(async () => found[looks++] ?? null);
    for (let second = 0; second < 65; second += 5) await tell({ status: 'complete', new_file_id: null });
    assert.equal(looks, 1);
    for (let second = 0; second < 60; second += 5) await tell({ status: 'complete', new_file_id: null });

    assert.equal((await settled).fileId, 'node-1');
    assert.equal(looks, 2);
    await transport.quiet();
  });

  it('looks for nothing while a session is on its way, however long that takes', async () => {
    const { settled, tell } = settling(assert.fail);
    for (let second = 0; second < 120; second += 5) await tell({ status: 'storing' });
    await tell({ status: 'complete', new_file_id: null });
    await tell({ status: 'stored', new_file_id: 'node-1' });

    assert.equal((await settled).fileId, 'node-1');
  });

  it('tells why the server gave up, without what looks like a ticket', async () => {
    const { settled, tell } = settling();
    const failed = assert.rejects(settled, ({ code, message }: { code: string; message: string }) => {
      assert.match(message, /quota reached/);
      assert.doesNotMatch(message, /eyJ/);
      return code === 'assembly-failed';
    });
    await tell({ status: 'store_failed', status_message: 'quota reached for eyJ1c2VyIjoiYWRhIn0.c2lnbmF0dXJl' });
    await failed;
  });
});
