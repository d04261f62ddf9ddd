import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkMetadata } from '../../../src/server/limits/metadata.js';
import { gatewayOver, INIT, MINT, refusal, workingUpstream } from '../support/scripted-upstream.js';

/** As text, because writing it would need as deep a stack as reading it carelessly. */
const nested = (depth: number): string[] => [
  `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  `{"list":${'['.repeat(depth)}${']'.repeat(depth)}}`,
];

describe('metadata', () => {
  it('passes as people write it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }), { maxKeys: 10 }), (metadata) => {
        const names = JSON.stringify(metadata);
        fc.pre(!/__proto__|constructor|prototype/.test(names));
        checkMetadata(metadata);
      }),
    );
  });

  it('is refused with 400 when it is nested deep, before anything is asked', async () => {
    const upstream = workingUpstream();
    const send = gatewayOver(upstream);
    const headers = { 'Content-Type': 'application/json' };
    for (const metadata of [...nested(17), ...nested(9000)]) {
      const mint = { body: `{"filename":"a","size":1,"metadata":${metadata}}`, headers };
      assert.deepEqual(await refusal(await send('POST', '/presigned', mint)), [400, 'bad-request']);
      const init = { body: `{"filename":"a","total_size":1,"metadata":${metadata}}`, headers };
      assert.deepEqual(await refusal(await send('POST', '/chunked/init', init)), [400, 'bad-request']);
    }
    assert.equal(upstream.asked(MINT).length + upstream.asked(INIT).length, 0);
  });

  it('has no key that reaches a prototype, at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      for (const text of [`{"${key}":1}`, `{"a":[{"${key}":{"isAdmin":true}}]}`]) {
        assert.throws(() => checkMetadata(JSON.parse(text)), { status: 400 });
      }
    }
  });

  it('has a bounded number of entries', () => {
    assert.throws(() => checkMetadata({ list: Array(2000).fill(0) }), { status: 400 });
  });
});
