import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadError } from '../../src/ports/errors.js';
import type { Protocol, ProtocolName, Session, UploadFacts } from '../../src/ports/protocol.js';
import type { Transport } from '../../src/ports/transport.js';
import { auto } from '../../src/protocols/auto.js';
import { Backend } from '../../src/protocols/shared/backend.js';
import type { CreateProtocol, ProtocolContext, ProtocolDefinition } from '../../src/protocols/shared/definition.js';
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

/** Sessions that only know which protocol opened them. */
const sessionsOf = (name: ProtocolName): Protocol => {
  const session = async () => ({ protocol: name }) as Session;
  return { name, open: session, reopen: session };
};

/** What a build speaks, best first; `code` replaces what comes when `fastio` is loaded. */
const build = (code: () => Promise<CreateProtocol> = async () => () => sessionsOf('fastio')): ProtocolDefinition[] => [
  { name: 'fastio', suits: 'all', batchWindow: 600, load: code },
  { name: 'multipart', suits: 'large', create: () => sessionsOf('multipart') },
  { name: 'chunked', suits: 'large', create: () => sessionsOf('chunked') },
  { name: 'presigned', suits: 'small', create: () => sessionsOf('presigned') },
  { name: 'tus', create: () => sessionsOf('tus') },
];

const autoOf = (backend: Backend, code?: () => Promise<CreateProtocol>): Protocol =>
  auto(build(code), { backend } as ProtocolContext);

const { signal } = new AbortController();

/** The protocols by which a small and a large file go. */
const chosenBy = async (protocol: Protocol): Promise<ProtocolName[]> => {
  const sessions = [await protocol.open(factsOf(1), { signal }), await protocol.open(factsOf(1e9), { signal })];
  return sessions.map((session) => session.protocol);
};

const missing = () => Promise.reject(new UploadError('network', 'no such file'));

describe('auto', () => {
  const cases = [
    [
      ['presigned', 'chunked', 'fastio'],
      ['fastio', 'fastio'],
    ],
    [
      ['presigned', 'chunked'],
      ['presigned', 'chunked'],
    ],
    [
      ['chunked', 'multipart', 'presigned'],
      ['presigned', 'multipart'],
    ],
    [['multipart'], ['multipart', 'multipart']],
    [['presigned'], ['presigned', 'presigned']],
    [
      ['tus', 'chunked'],
      ['chunked', 'chunked'],
    ],
    [
      ['tus', 'gopher'],
      ['tus', 'tus'],
    ],
  ] as const;
  for (const [offered, chosen] of cases) {
    it(`of ${offered.join(', ')} takes ${chosen[0]} for a small file and ${chosen[1]} for a large one`, async () => {
      assert.deepEqual(await chosenBy(autoOf(offering(offered))), chosen);
    });
  }

  it('wants as many small files open as the best protocol for them', async () => {
    const protocol = autoOf(offering(['presigned', 'fastio']));
    await protocol.limits?.({ signal });
    assert.equal(protocol.batchWindow, 600);
  });

  it('takes what else is offered where the code of the best is not there', async () => {
    const protocol = autoOf(offering(['presigned', 'chunked', 'fastio']), missing);
    assert.deepEqual(await chosenBy(protocol), ['presigned', 'chunked']);
    assert.equal(protocol.batchWindow, undefined);
  });

  it('stays with the best where nothing else is offered, and says what is wrong', async () => {
    const protocol = autoOf(offering(['fastio']), missing);
    await assert.rejects(protocol.open(factsOf(1), { signal }), { code: 'network', message: 'no such file' });
  });

  it('ends with `configuration` where the backend offers nothing that this build speaks', async () => {
    const protocol = autoOf(offering(['gopher']));
    await assert.rejects(protocol.open(factsOf(1), { signal }), { code: 'configuration' });
  });

  it('is stopped while the backend is asked, whatever for, and asks once for all the same', async () => {
    let asked = 0;
    const headers = () => {
      asked += 1;
      return new Promise<Record<string, string>>(() => {});
    };
    const protocol = autoOf(offering(['presigned'], headers));
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
    const code = async () => {
      stop.abort(new Error('stopped'));
      throw new Error('no such file');
    };
    const protocol = autoOf(offering(['presigned', 'fastio']), code);
    await assert.rejects(protocol.open(factsOf(1), { signal: stop.signal }), /stopped/);
  });
});
