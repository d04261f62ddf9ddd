/** The lock through hours that pass in milliseconds: heartbeats, what ends them, and locks that outlive their token. */

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { UploadError } from '../../../src/ports/errors.js';
import { FastioApi } from '../../../src/protocols/fastio/api.js';
import { FileLock } from '../../../src/protocols/fastio/file-lock.js';
import { Backend } from '../../../src/protocols/shared/backend.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { type Answer, ScriptedTransport } from '../../support/scripted-transport.js';

const LOCK = '/current/workspace/1/storage/node1/lock/';
const HEARTBEAT = `${LOCK}heartbeat/`;
const BEAT_MS = 30_000;
const FACTS = {
  id: 'u1',
  name: 'a.bin',
  size: 5,
  type: 'a/b',
  relativePath: 'a.bin',
  lastModified: 1,
  metadata: { fastioFileId: 'node1' },
};
const { signal } = new AbortController();

const refused = (status: number): Answer => ({ status, json: { result: false, error: { code: 1 } } });
const granted = (token: string): Answer => ({ json: { result: true, lock_token: token } });

describe('FileLock', () => {
  let clock: FakeClock;
  let transport: ScriptedTransport;
  let lostLocks: Map<string, number>;
  let releases: Map<string, Promise<void>>;

  beforeEach(() => {
    clock = new FakeClock();
    transport = new ScriptedTransport();
    lostLocks = new Map();
    releases = new Map();
  });

  const newLock = (): FileLock => {
    const backend = new Backend({
      transport,
      endpoint: 'https://api.test/current',
      credentials: 'omit',
      headers: () => ({}),
      clock,
    });
    const target = { instanceId: '1', folderId: '' };
    const lock = FileLock.of({ api: new FastioApi(backend, clock), clock, target, lostLocks, releases }, FACTS);
    assert.ok(lock);
    return lock;
  };

  const answer = async (method: string, path: string, given: Answer) =>
    (await transport.next(method, path)).answer(given);

  /** Work that lasts until it is told to end; its outcome is looked at in time, whatever comes before. */
  const holding = (lock: FileLock) => {
    let end = (): void => {};
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = lock.hold(() => work, { signal });
    done.catch(() => {});
    return { done, end };
  };

  const holdWith = async (lock: FileLock, token: string) => {
    const held = holding(lock);
    await answer('POST', LOCK, granted(token));
    return held;
  };

  /** What a request under the lock meets when another user holds it until `untilMs` from now. */
  const meet = async (lock: FileLock, untilMs: number | null): Promise<UploadError> => {
    const { done } = holding(lock);
    await answer('POST', LOCK, refused(409));
    const expiry = untilMs !== null && { expires_at: new Date(clock.wallNow() + untilMs).toISOString() };
    await answer('GET', LOCK, { json: { result: true, lock_info: { holder: 'Eve', ...expiry } } });
    return done.then(
      () => assert.fail('the lock was free'),
      (error) => error,
    );
  };

  it('beats on after a beat that failed', async () => {
    const held = await holdWith(newLock(), 'tok1');
    await clock.advance(BEAT_MS);
    await (await transport.next('POST', HEARTBEAT)).fail('network');
    await clock.advance(BEAT_MS);
    await answer('POST', HEARTBEAT, refused(503));
    await clock.advance(BEAT_MS);
    await answer('POST', HEARTBEAT, { json: { result: true } });
    held.end();
    await held.done;
    await clock.advance(10 * BEAT_MS);
    await transport.quiet();
    assert.equal(clock.pending, 0);
  });

  it('beats through requests that are each shorter than the time between two beats', async () => {
    const lock = newLock();
    const first = await holdWith(lock, 'tok1');
    await clock.advance(BEAT_MS - 10_000);
    first.end();
    await first.done;
    const second = holding(lock);
    await clock.advance(10_000);
    await answer('POST', HEARTBEAT, { json: { result: true } });
    second.end();
    await second.done;
    const third = holding(lock);
    await clock.advance(BEAT_MS);
    await answer('POST', HEARTBEAT, { json: { result: true } });
    third.end();
    await third.done;
    assert.equal(clock.pending, 0);
  });

  it('beats though the request ends before the beat is answered', async () => {
    const lock = newLock();
    const first = await holdWith(lock, 'tok1');
    await clock.advance(BEAT_MS);
    const beat = await transport.next('POST', HEARTBEAT);
    first.end();
    await first.done;
    await clock.advance(10_000);
    await beat.answer({ json: { result: true } });
    await clock.advance(100_000);
    const second = holding(lock);
    // Prolonged by the beat, it is not acquired again.
    await clock.advance(0);
    await answer('POST', HEARTBEAT, { json: { result: true } });
    second.end();
    await second.done;
  });

  for (const status of [404, 409, 423]) {
    it(`beats no more after ${status}, and is acquired again by the next request, whose heart beats`, async () => {
      const lock = newLock();
      const first = await holdWith(lock, 'tok1');
      await clock.advance(BEAT_MS);
      await answer('POST', HEARTBEAT, refused(status));
      await clock.advance(BEAT_MS);
      await transport.quiet();
      const second = await holdWith(lock, 'tok2');
      await clock.advance(BEAT_MS);
      await answer('POST', HEARTBEAT, { json: { result: true } });
      first.end();
      second.end();
      await Promise.all([first.done, second.done]);
      void lock.release();
      const released = await transport.next('DELETE', LOCK);
      assert.equal(released.url.searchParams.get('lock_token'), 'tok2');
    });
  }

  it('that another user holds is final, however soon it ends', async () => {
    const error = await meet(newLock(), 30_000);
    assert.deepEqual([error.code, error.retriable, error.holder], ['locked', false, 'Eve']);
  });

  it('that may be our own is waited for, as long as it lasts', async () => {
    const lock = newLock();
    lock.rememberLost();
    const error = await meet(lock, 90_000);
    assert.deepEqual([error.code, error.retriable, error.retryAfterMs], ['locked', true, 90_000]);
    await clock.advance(90_000);
    const held = await holdWith(lock, 'tok1');
    held.end();
    await held.done;
  });

  it('that ends at an unknown time is waited for no longer than one of ours would last', async () => {
    const lock = newLock();
    lock.rememberLost();
    await clock.advance(100_000);
    assert.equal((await meet(lock, null)).retryAfterMs, 20_000);
    await clock.advance(20_000);
    assert.equal((await meet(lock, null)).retriable, false);
  });

  it('that lasts longer than ours do is another user’s', async () => {
    const lock = newLock();
    lock.rememberLost();
    assert.equal((await meet(lock, 600_000)).retriable, false);
  });

  it('may be our own after an acquisition whose answer was lost, for the next lock on the node too', async () => {
    const { done } = holding(newLock());
    await (await transport.next('POST', LOCK)).fail('timeout');
    await assert.rejects(done, { code: 'timeout' });
    assert.equal((await meet(newLock(), 60_000)).retryAfterMs, 60_000);
  });

  it('may be our own after a release that failed', async () => {
    const lock = newLock();
    const held = await holdWith(lock, 'tok1');
    held.end();
    await held.done;
    const released = lock.release();
    await (await transport.next('DELETE', LOCK)).fail('network');
    await released;
    assert.equal((await meet(newLock(), 60_000)).retriable, true);
  });

  it('is not asked for before the release of the one before is through', async () => {
    const lost = async () => {
      throw new UploadError('session-lost', 'gone');
    };
    const done = newLock().hold(lost, { signal });
    done.catch(() => {});
    await answer('POST', LOCK, granted('tok1'));
    await assert.rejects(done, { code: 'session-lost' });
    const release = await transport.next('DELETE', LOCK);

    const next = holding(newLock());
    await transport.quiet();
    await release.answer({ json: { result: true } });
    await answer('POST', LOCK, granted('tok2'));
    next.end();
    await next.done;
  });

  it('that waits for a release is left at once', async () => {
    const lock = newLock();
    const held = await holdWith(lock, 'tok1');
    held.end();
    await held.done;
    const released = lock.release();
    const release = await transport.next('DELETE', LOCK);

    const stop = new AbortController();
    const next = newLock().hold(async () => {}, { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await assert.rejects(next, /stopped/);
    await transport.quiet();
    await release.answer({ json: { result: true } });
    await released;
  });

  it('is not our own when the server refused it', async () => {
    const { done } = holding(newLock());
    await answer('POST', LOCK, refused(403));
    await assert.rejects(done, { code: 'unauthorized' });
    await settle();
    assert.equal((await meet(newLock(), 60_000)).retriable, false);
  });

  it('that ran out during a pause and lasts a moment longer on the server is waited for', async () => {
    const lock = newLock();
    const held = await holdWith(lock, 'tok1');
    held.end();
    await held.done;
    await clock.advance(120_000);
    assert.equal((await meet(lock, 300)).retryAfterMs, 1000);
  });
});
