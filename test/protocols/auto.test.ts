import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadError } from '../../src/ports/errors.js';
import type { Protocol, ProtocolName, Session, UploadFacts } from '../../src/ports/protocol.js';
import type { Transport } from '../../src/ports/transport.js';
import { auto } from '../../src/protocols/auto.js';
import { Backend } from '../../src/protocols/shared/backend.js';
import { FakeClock } from '../support/fake-clock.js';

const offering = (
  protocols: readonly string[],
  headers: () => Record<string, string> | Promise<Record<string, string>> = () => ({}),
): Backend => {
  const text = JSON.stringify({ version: 1, protocols, urls: {}, chunkedAbove: 100 });
  const answer = { status: 200, url: 'http://app.test/uploads', header: () => null, text };
  const transport: Transport = {
    control: async () => answer,
    send: () => Promise.reject(new Error('nothing is sent')),
  };
  const endpoint = 'http://app.test/uploads';
  return new Backend({ transport, endpoint, credentials: 'same-origin', headers, clock: new FakeClock() });
};

const factsOf = (size: number): UploadFacts => ({
  id: 'a',
  name: 'a',
  size,
  type: 'text/plain',
  relativePath: 'a',
  lastModified: 0,
  metadata: null,
});

/** Sessions that only know which dialect opened them. */
const make =
  (fastio: Partial<Protocol> = {}) =>
  (name: ProtocolName): Protocol => {
    const session = async () => ({ protocol: name }) as Session;
    return { open: session, reopen: session, ...(name === 'fastio' && { batchWindow: 600, ...fastio }) };
  };

const { signal } = new AbortController();
const spoken = ['fastio', 'chunked', 'presigned'] as const;

describe('auto', () => {
  it('takes fastio where it is offered, whatever the size', async () => {
    const protocol = auto({ backend: offering(['presigned', 'chunked', 'fastio']), spoken, make: make() });
    const sessions = [await protocol.open(factsOf(1), { signal }), await protocol.open(factsOf(1e9), { signal })];
    assert.deepEqual(
      sessions.map((session) => session.protocol),
      ['fastio', 'fastio'],
    );
    assert.equal(protocol.batchWindow, 600);
  });

  it('takes what else is offered where the code of fastio is not there', async () => {
    const load = () => Promise.reject(new UploadError('network', 'no such file'));
    const protocol = auto({ backend: offering(['presigned', 'chunked', 'fastio']), spoken, make: make({ load }) });
    const sessions = [await protocol.open(factsOf(1), { signal }), await protocol.open(factsOf(1e9), { signal })];
    assert.deepEqual(
      sessions.map((session) => session.protocol),
      ['presigned', 'chunked'],
    );
    assert.equal(protocol.batchWindow, undefined);
  });

  it('stays with fastio where nothing else is offered, and says what is wrong', async () => {
    const open = () => Promise.reject(new UploadError('network', 'no such file'));
    const protocol = auto({ backend: offering(['fastio']), spoken, make: make({ load: open, open }) });
    await assert.rejects(protocol.open(factsOf(1), { signal }), { code: 'network', message: 'no such file' });
  });

  it('is stopped while the backend is asked, whatever for, and asks once for all the same', async () => {
    let asked = 0;
    const headers = () => {
      asked += 1;
      return new Promise<Record<string, string>>(() => {});
    };
    const protocol = auto({ backend: offering(['presigned'], headers), spoken, make: make() });
    const stop = new AbortController();
    const waits = [
      protocol.open(factsOf(1), stop),
      protocol.reopen(factsOf(1), 'presigned', {}, stop),
      protocol.limits?.(stop),
    ];
    stop.abort(new Error('stopped'));
    for (const wait of waits) await assert.rejects(Promise.resolve(wait), /stopped/);
    assert.equal(asked, 1);
  });

  it('is stopped while the code comes', async () => {
    const stop = new AbortController();
    const load = async () => {
      stop.abort(new Error('stopped'));
      throw new Error('no such file');
    };
    const protocol = auto({ backend: offering(['presigned', 'fastio']), spoken, make: make({ load }) });
    await assert.rejects(protocol.open(factsOf(1), { signal: stop.signal }), /stopped/);
  });
});
