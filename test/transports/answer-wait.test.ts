/** How long an answer is waited for once all bytes are sent: servers scan, check and move what they got. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MiB } from '../../src/lib/byte-size.js';
import type { WireResponse } from '../../src/ports/transport.js';
import { FetchTransport } from '../../src/transports/fetch-transport.js';
import { XhrTransport } from '../../src/transports/xhr-transport.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeConnectivity } from '../support/fake-ports.js';

const URL_OF_PART = 'https://storage.test/part';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** An exchange whose events the test makes. */
class ScriptedXhr extends EventTarget {
  static last: ScriptedXhr;
  readonly upload = new EventTarget();
  readonly responseText = '';
  responseURL = '';
  status = 0;
  withCredentials = false;

  constructor() {
    super();
    ScriptedXhr.last = this;
  }

  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  getAllResponseHeaders = () => '';

  abort(): void {
    this.dispatchEvent(new Event('loadend'));
  }

  progress(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total }));
  }

  answer(): void {
    Object.assign(this, { status: 200, responseURL: URL_OF_PART });
    this.dispatchEvent(new Event('loadend'));
  }
}

const requestOf = (bytes: number) => ({
  method: 'PUT' as const,
  url: URL_OF_PART,
  headers: {},
  body: new Blob([new Uint8Array(bytes)]),
});

/** `open`, the status of the answer, or the message of the failure. */
const outcomeOf = (sending: Promise<WireResponse>): { now: number | string } => {
  const outcome: { now: number | string } = { now: 'open' };
  sending.then(
    ({ status }) => Object.assign(outcome, { now: status }),
    ({ message }: Error) => Object.assign(outcome, { now: message }),
  );
  return outcome;
};

const sendByXhr = async (context: TestContext) => {
  const { XMLHttpRequest } = globalThis;
  Object.assign(globalThis, { XMLHttpRequest: ScriptedXhr });
  context.after(() => Object.assign(globalThis, { XMLHttpRequest }));
  const clock = new FakeClock();
  const transport = new XhrTransport({ clock, connectivity: new FakeConnectivity() });
  const { signal } = new AbortController();
  const outcome = outcomeOf(transport.send(requestOf(3 * MiB), { signal }));
  await clock.settle();
  return { clock, xhr: ScriptedXhr.last, outcome };
};

const LATE = 'all bytes were sent, but no answer came';

describe('An answer that comes long after the last byte', () => {
  it('is taken after 36 seconds', async (context) => {
    const { clock, xhr, outcome } = await sendByXhr(context);
    xhr.progress(3 * MiB, 3 * MiB);
    await clock.advance(36 * SECOND);
    assert.equal(outcome.now, 'open');

    xhr.answer();
    await clock.advance(0);
    assert.equal(outcome.now, 200);
  });

  it('is waited for two minutes after a body that left at once', async (context) => {
    const { clock, xhr, outcome } = await sendByXhr(context);
    xhr.progress(3 * MiB, 3 * MiB);
    await clock.advance(2 * MINUTE);
    assert.equal(outcome.now, 'open');

    await clock.advance(SECOND);
    assert.equal(outcome.now, LATE);
  });

  it('is waited for as long as the body took', async (context) => {
    const { clock, xhr, outcome } = await sendByXhr(context);
    for (let seconds = 0; seconds < 600; seconds += 20) {
      xhr.progress(1 + seconds, 3 * MiB);
      await clock.advance(20 * SECOND);
    }
    xhr.progress(3 * MiB, 3 * MiB);
    await clock.advance(10 * MINUTE - 1);
    assert.equal(outcome.now, 'open');

    await clock.advance(1);
    assert.equal(outcome.now, LATE);
  });

  it('is waited for two minutes where `fetch` sends the bytes', async (context) => {
    context.mock.method(globalThis, 'fetch', (_request: Request, { signal }: { readonly signal: AbortSignal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const clock = new FakeClock();
    const transport = new FetchTransport({ clock, connectivity: new FakeConnectivity() });
    const outcome = outcomeOf(transport.send(requestOf(1_000), { signal: new AbortController().signal }));
    await clock.advance(2 * MINUTE);
    assert.equal(outcome.now, 'open');

    await clock.advance(MINUTE);
    assert.notEqual(outcome.now, 'open');
  });
});
