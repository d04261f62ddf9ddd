import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { browserHasher } from '../../src/platform/browser-hasher.js';

const NEVER = new AbortController().signal;

describe('MD5 where there are no workers', () => {
  for (const size of [0, 1, 2 ** 19, 2 ** 20 + 7]) {
    it(`digests a body of ${size} bytes`, async () => {
      const bytes = new Uint8Array(size).map((_, index) => index * 31);
      const expected = createHash('md5').update(bytes).digest('hex');
      assert.equal(await browserHasher.md5(new Blob([bytes]), { signal: NEVER }), expected);
    });
  }

  it('reads a body in pieces, never as a whole', async () => {
    const body = new Blob(Array.from({ length: 4 }, () => new Uint8Array(2 ** 18)));
    body.arrayBuffer = () => Promise.reject(new Error('read as a whole'));
    const lengths: number[] = [];
    const { stream } = body;
    const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, controller) => {
        lengths.push(piece.length);
        controller.enqueue(piece);
      },
    });
    body.stream = () => stream.call(body).pipeThrough(count);
    await browserHasher.md5(body, { signal: NEVER });
    assert.deepEqual(lengths, [2 ** 18, 2 ** 18, 2 ** 18, 2 ** 18]);
  });

  it('reads pieces of any length into one buffer where the body is a byte stream', async () => {
    const bytes = new Uint8Array(10_000).map((_, index) => index * 7);
    const body = new Blob([bytes]);
    const buffers = new Set<number>();
    let start = 0;
    body.stream = () =>
      new ReadableStream({
        type: 'bytes',
        pull: (controller) => {
          const view = controller.byobRequest?.view;
          if (!(view instanceof Uint8Array)) throw new Error('read without a buffer');
          buffers.add(view.buffer.byteLength);
          const piece = bytes.subarray(start, start + 999);
          start += piece.length;
          if (piece.length === 0) controller.close();
          view.set(piece);
          controller.byobRequest?.respond(piece.length);
        },
      });
    const expected = createHash('md5').update(bytes).digest('hex');
    assert.equal(await browserHasher.md5(body, { signal: NEVER }), expected);
    assert.deepEqual([...buffers], [2 ** 20]);
  });

  it("rejects with the signal's reason when it is aborted", async () => {
    const stop = new AbortController();
    const digest = browserHasher.md5(new Blob([new Uint8Array(2 ** 20)]), { signal: stop.signal });
    stop.abort(new Error('paused'));
    await assert.rejects(digest, { message: 'paused' });
  });

  /** A body that does not answer, as on a network drive that is gone, and a promise of when it is asked. */
  const silentBody = (): { readonly body: Blob; readonly asked: Promise<void> } => {
    const body = new Blob(['x']);
    const asked = new Promise<void>((resolve) => {
      body.stream = () =>
        new ReadableStream({
          type: 'bytes',
          pull: () => {
            resolve();
            return new Promise(() => {});
          },
        });
    });
    return { body, asked };
  };

  it('calls a body that does not answer for half a minute a failure of the network', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { body, asked } = silentBody();
    const refused = assert.rejects(browserHasher.md5(body, { signal: NEVER }), { code: 'network', retriable: true });
    await asked;
    mock.timers.tick(30_000);
    await refused;
  });

  it('digests the next body when one that does not answer is aborted', async () => {
    const { body, asked } = silentBody();
    const stop = new AbortController();
    const refused = assert.rejects(browserHasher.md5(body, { signal: stop.signal }), { message: 'paused' });
    const next = browserHasher.md5(new Blob(['hello']), { signal: NEVER });
    await asked;
    stop.abort(new Error('paused'));
    await refused;
    assert.equal(await next, '5d41402abc4b2a76b9719d911017c592');
  });

  it('calls a body that cannot be read a failure of the network', async () => {
    const gone = new Blob(['x']);
    gone.stream = () =>
      new ReadableStream({ start: (controller) => controller.error(new DOMException('', 'NotFoundError')) });
    await assert.rejects(browserHasher.md5(gone, { signal: NEVER }), { code: 'network', retriable: true });
  });
});
