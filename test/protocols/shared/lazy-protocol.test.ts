import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Protocol, Session, UploadFacts } from '../../../src/ports/protocol.js';
import { lazyProtocol } from '../../../src/protocols/shared/lazy-protocol.js';

const FACTS: UploadFacts = {
  id: 'a',
  name: 'a',
  size: 1,
  type: 'text/plain',
  relativePath: 'a',
  lastModified: 0,
  metadata: null,
};
const SESSION = {} as Session;
const REAL: Protocol = {
  name: 'toy',
  open: async () => SESSION,
  reopen: async () => SESSION,
  limits: async () => ({ maxFiles: 3 }),
};
const { signal } = new AbortController();

describe('lazyProtocol', () => {
  it('knows its window before it is loaded, and loads once for all who ask', async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
      return REAL;
    };
    const protocol = lazyProtocol(load, { name: 'toy', batchWindow: 7 });
    assert.deepEqual([protocol.batchWindow, loads], [7, 0]);
    const sessions = await Promise.all([
      protocol.open(FACTS, { signal }),
      protocol.reopen(FACTS, 'fastio', {}, { signal }),
    ]);
    assert.deepEqual([sessions, loads], [[SESSION, SESSION], 1]);
    assert.deepEqual(await protocol.limits?.({ signal }), { maxFiles: 3 });
  });

  it('can be tried again when its code could not be loaded', async () => {
    let isBroken = true;
    const load = async () => {
      if (isBroken) throw new TypeError('Failed to fetch dynamically imported module');
      return REAL;
    };
    const protocol = lazyProtocol(load, { name: 'toy' });
    await assert.rejects(protocol.open(FACTS, { signal }), { code: 'network', retriable: true });
    isBroken = false;
    assert.equal(await protocol.open(FACTS, { signal }), SESSION);
  });

  it('ends the wait of an upload that is stopped', async () => {
    const stop = new AbortController();
    const opening = lazyProtocol(() => new Promise(() => {}), { name: 'toy' }).open(FACTS, { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await assert.rejects(opening, /stopped/);
  });
});
