import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTabChannel } from '../../src/platform/tab-channel.js';

const portsInUse = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

describe('createTabChannel', () => {
  it('does not keep Node from ending', () => {
    const before = portsInUse();

    createTabChannel('test').listen(() => {}, { signal: new AbortController().signal });

    assert.equal(portsInUse(), before);
  });

  it('loses a message that cannot be copied, and nothing else', () => {
    createTabChannel('test').post({ act: () => {} });
  });
});
