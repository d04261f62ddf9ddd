import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { abortable, abortableDelay, never } from '../../src/lib/abortable.js';
import { parseByteSize } from '../../src/lib/byte-size.js';
import { isObject, parseJson, parseJsonObject, readNumber, readString } from '../../src/lib/json.js';
import { randomId } from '../../src/lib/random-id.js';
import { TypedEventTarget } from '../../src/lib/typed-event-target.js';

describe('parseByteSize', () => {
  const cases: [text: string, bytes: number | null][] = [
    ['0', 0],
    ['1024', 1024],
    ['10kB', 10_000],
    ['10 KiB', 10_240],
    ['1.5 MB', 1_500_000],
    ['2mib', 2 * 2 ** 20],
    ['3GB', 3e9],
    ['3 GiB', 3 * 2 ** 30],
    ['1TB', 1e12],
    ['  7 b ', 7],
    ['1.9', 1],
    ['', null],
    ['MB', null],
    ['-1', null],
    ['1e3', null],
    ['1,5 MB', null],
    ['10 parsecs', null],
    ['10 MB 5', null],
    ['.5MB', null],
    ['Infinity', null],
    ['10 constructor', null],
  ];
  for (const [text, bytes] of cases) {
    it(`reads "${text}" as ${bytes}`, () => {
      assert.equal(parseByteSize(text), bytes);
    });
  }

  it('gives whole bytes or null for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = parseByteSize(text);

        assert.ok(bytes === null || (Number.isInteger(bytes) && bytes >= 0));
      }),
    );
  });
});

describe('json', () => {
  it('never throws, and takes only objects for objects', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const value = parseJson(text);

        assert.deepEqual(parseJsonObject(text), isObject(value) ? value : {});
      }),
    );
  });

  it('reads strings and numbers without trusting them', () => {
    assert.deepEqual(['a', 7, '', null, {}, true].map(readString), [
      'a',
      '7',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual([0, 7, '8', ' ', '', -1, Number.NaN, Number.POSITIVE_INFINITY, '1x', null, []].map(readNumber), [
      0,
      7,
      8,
      ...Array.from({ length: 8 }, () => undefined),
    ]);
  });
});

describe('abortable', () => {
  /** A signal that counts its listeners. */
  const watched = () => {
    const controller = new AbortController();
    const listeners = new Set<unknown>();
    const { signal } = controller;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners.add(args[1]);
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners.delete(args[1]);
      removeEventListener.apply(signal, args);
    };
    return { controller, signal, listeners };
  };

  it('settles as the promise does, and leaves no listener', async () => {
    const { signal, listeners } = watched();

    assert.equal(await abortable(Promise.resolve(7), signal), 7);
    await assert.rejects(abortable(Promise.reject(new Error('no')), signal), /no/);
    await abortableDelay(1, signal);

    assert.equal(listeners.size, 0);
  });

  it('ends with the reason of the signal, whether it comes before or in between', async () => {
    const { controller, signal } = watched();
    const never = new Promise(() => {});
    const waits = [abortable(never, signal), abortableDelay(60_000, signal)];
    controller.abort('enough');
    waits.push(abortable(Promise.reject(new Error('late')), signal), abortableDelay(60_000, signal));

    const outcomes = await Promise.all(waits.map((wait) => wait.catch((reason: unknown) => reason)));

    assert.deepEqual(outcomes, ['enough', 'enough', 'enough', 'enough']);
  });
});

describe('TypedEventTarget', () => {
  it('tells listeners the detail, and the sender whether it was refused', () => {
    const target = new TypedEventTarget<{ ask: number }>();
    const heard: number[] = [];
    target.addEventListener('ask', (event) => {
      heard.push(event.detail);
      if (event.detail === 2) event.preventDefault();
    });

    assert.deepEqual(
      [target.emit('ask', 1, true), target.emit('ask', 2, true), target.emit('ask', 2)],
      [true, false, true],
    );
    assert.deepEqual(heard, [1, 2, 2]);
  });

  it('dispatches nothing before an event has had a listener', () => {
    const dispatched: string[] = [];
    class Watched extends TypedEventTarget<{ ask: number }> {
      override dispatchEvent(event: Event): boolean {
        dispatched.push(event.type);
        return super.dispatchEvent(event);
      }
    }
    const target = new Watched();
    assert.equal(target.emit('ask', 1, true), true);
    assert.deepEqual(dispatched, []);
    target.addEventListener('ask', () => {});
    target.emit('ask', 2);
    assert.deepEqual(dispatched, ['ask']);
  });
});

describe('randomId', () => {
  it('is 128 bits as hex, and another each time', () => {
    const ids = Array.from({ length: 100 }, randomId);

    for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(new Set(ids).size, 100);
  });
});

describe('never', () => {
  it('is a signal of its own for each who waits, so that none gathers listeners', () => {
    assert.notEqual(never(), never());
    assert.equal(never().aborted, false);
  });
});
