import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { joinSignals } from '../../src/lib/joint-signal.js';

describe('joinSignals', () => {
  it('is aborted with the first of its signals, for its reason', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = joinSignals(first.signal, second.signal);
    assert.equal(signal.aborted, false);

    second.abort('second');
    first.abort('first');

    assert.equal(signal.reason, 'second');
  });

  it('is aborted from the beginning when one of them is', () => {
    assert.equal(joinSignals(new AbortController().signal, AbortSignal.abort('before')).signal.reason, 'before');
  });

  it('can be aborted alone', () => {
    const { signal } = new AbortController();
    const joint = joinSignals(signal);
    joint.abort('alone');
    assert.deepEqual([joint.signal.reason, signal.aborted], ['alone', false]);
  });

  it('follows no signal and leaves no listener once it is released', () => {
    const controller = new AbortController();
    const joint = joinSignals(controller.signal);
    joint.release();
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);

    controller.abort();
    assert.equal(joint.signal.aborted, false);
  });
});
