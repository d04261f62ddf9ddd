import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { chunksOf, stallTimeoutReader } from '../../../src/server/http/stall-timeout.js';
import { gatewayOver, INIT, refusal, workingUpstream } from '../support/scripted-upstream.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A body that the test sends, on a clock that stands still until the test moves it. */
const setUp = ({ mock }: Pick<TestContext, 'mock'>) => {
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let canceled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      cancel() {
        canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return {
    body,
    send: (bytes: number) => controller.enqueue(new Uint8Array(bytes)),
    end: () => controller.close(),
    isCanceled: () => canceled,
  };
};

describe('stallTimeoutReader', () => {
  it('reads what comes, to the end', async (context) => {
    const { body, send, end } = setUp(context);
    const lengths: number[] = [];
    const read = (async () => {
      for await (const { byteLength } of chunksOf(stallTimeoutReader(body))) lengths.push(byteLength);
    })();
    send(3);
    send(5);
    end();
    await read;
    assert.deepEqual(lengths, [3, 5]);
  });

  it('waits for a slow client as long as its bytes add up', async (context) => {
    const { body, send } = setUp(context);
    const reader = stallTimeoutReader(body);
    for (let turn = 0; turn < 50; turn++) {
      const chunk = reader.read();
      await settled();
      context.mock.timers.tick(25_000);
      send(2048);
      assert.equal((await chunk).value?.byteLength, 2048);
    }
  });

  it('gives up a client that sends nothing for a minute', async (context) => {
    const { body } = setUp(context);
    const chunk = stallTimeoutReader(body).read();
    context.mock.timers.tick(60_000);
    await assert.rejects(chunk, { status: 408 });
  });

  it('gives up a client that lets a byte drip now and then', async (context) => {
    const { body, send } = setUp(context);
    const reader = stallTimeoutReader(body);
    const drip = async () => {
      for (;;) {
        const chunk = reader.read();
        await settled();
        context.mock.timers.tick(25_000);
        send(1);
        await chunk;
      }
    };
    await assert.rejects(drip(), { status: 408 });
  });

  it('does not count the time in which nothing is read', async (context) => {
    const { body, send } = setUp(context);
    const reader = stallTimeoutReader(body);
    for (let turn = 0; turn < 3; turn++) {
      send(1);
      await reader.read();
      context.mock.timers.tick(3_600_000);
    }
  });
});

describe('the gateway', () => {
  it('gives up a JSON body that stops coming', async (context) => {
    const { body, send } = setUp(context);
    const upstream = workingUpstream();
    const headers = { 'Content-Type': 'application/json' };
    const answer = gatewayOver(upstream)('POST', '/chunked/init', { body, headers });
    send(1);
    await settled();
    context.mock.timers.tick(60_000);
    assert.deepEqual(await refusal(await answer), [408, 'bad-request']);
    assert.equal(upstream.asked(INIT).length, 0);
  });
});
