import { expect } from '@open-wc/testing';
import { WorkerHasher } from '../../src/platform/worker-hasher.js';
import { until } from '../support/until.js';

const NEVER = new AbortController().signal;
const HELLO = '5d41402abc4b2a76b9719d911017c592';
const MIB = 2 ** 20;
const url = new URL('../../src/platform/hash-worker.js', import.meta.url);

describe('WorkerHasher', () => {
  let started: Worker[];

  /** The real worker, counted. */
  const start = (): Worker => {
    const worker = new Worker(url, { type: 'module', name: 'fastio-upload' });
    started.push(worker);
    return worker;
  };
  const digestOf = (hasher: WorkerHasher, text: string) => hasher.md5(new Blob([text]), { signal: NEVER });

  beforeEach(() => {
    started = [];
  });

  afterEach(() => {
    for (const worker of started) worker.terminate();
  });

  it('has one worker for all that is asked at once', async () => {
    const hasher = new WorkerHasher(start);
    const digests = await Promise.all(['hello', 'hello', 'hello'].map((text) => digestOf(hasher, text)));
    expect([started.length, ...digests]).to.deep.equal([1, HELLO, HELLO, HELLO]);
  });

  it('hands the worker a handle and no bytes', async () => {
    const hasher = new WorkerHasher(start);
    await digestOf(hasher, 'hello');
    const sent: unknown[] = [];
    const [worker] = started;
    const { postMessage } = Worker.prototype;
    if (worker) {
      worker.postMessage = function (message: unknown) {
        sent.push(message);
        postMessage.call(this, message);
      };
    }
    const body = new Blob([new Uint8Array(MIB)]);
    await hasher.md5(body, { signal: NEVER });
    expect(sent).to.deep.equal([{ id: 2, body }]);
  });

  it('leaves the reading to the worker, so that the page stays free', async () => {
    const hasher = new WorkerHasher(start);
    const { arrayBuffer, stream } = Blob.prototype;
    const readings: string[] = [];
    Blob.prototype.arrayBuffer = function () {
      readings.push('arrayBuffer');
      return arrayBuffer.call(this);
    };
    Blob.prototype.stream = function () {
      readings.push('stream');
      return stream.call(this);
    };
    try {
      await hasher.md5(new Blob([new Uint8Array(24 * MIB)]), { signal: NEVER });
    } finally {
      Object.assign(Blob.prototype, { arrayBuffer, stream });
    }
    expect(readings).to.deep.equal([]);
  });

  it('digests hundreds of bodies, though garbage is collected while they are read', async () => {
    const hasher = new WorkerHasher(start);
    const body = new Blob([new Uint8Array(MIB)]);
    const digests = await Promise.all(Array.from({ length: 400 }, () => hasher.md5(body, { signal: NEVER })));
    expect(new Set(digests)).to.deep.equal(new Set(['b6d81b360a5672d80c27430f39153e2c']));
  });

  it('stops what is aborted and goes on with the rest', async () => {
    const hasher = new WorkerHasher(start);
    const stop = new AbortController();
    const long = hasher.md5(new Blob([new Uint8Array(400 * MIB)]), { signal: stop.signal });
    const next = digestOf(hasher, 'hello');
    stop.abort(new Error('paused'));
    expect(await long.catch((error: Error) => error.message)).to.equal('paused');
    expect(await next).to.equal(HELLO);
  });

  it('digests in the page where workers are forbidden', async () => {
    const hasher = new WorkerHasher(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    expect(await digestOf(hasher, 'hello')).to.equal(HELLO);
  });

  it('digests in the page what a worker whose file does not come had to do, and asks for no other', async () => {
    const hasher = new WorkerHasher(() => {
      started.push(new Worker('/no-such-file.js', { type: 'module' }));
      return started[0] as Worker;
    });
    const digests = await Promise.all([digestOf(hasher, 'hello'), digestOf(hasher, 'hello')]);
    expect([...digests, await digestOf(hasher, 'hello'), started.length]).to.deep.equal([HELLO, HELLO, HELLO, 1]);
  });

  it('ends the worker when it has been idle, and starts another when there is work again', async () => {
    const { setTimeout: setTimeoutOfPage } = window;
    let ended = 0;
    const hasher = new WorkerHasher(() => {
      const worker = start();
      worker.terminate = () => {
        ended += 1;
        Worker.prototype.terminate.call(worker);
      };
      return worker;
    });
    const waits: number[] = [];
    window.setTimeout = ((run: () => void, ms = 0) => {
      waits.push(ms);
      return setTimeoutOfPage(run, ms === 10_000 ? 20 : ms);
    }) as typeof setTimeout;
    try {
      await digestOf(hasher, 'hello');
      await until(() => ended === 1, 'the idle worker ends');
      expect(waits).to.include(10_000);
    } finally {
      window.setTimeout = setTimeoutOfPage;
    }
    expect([await digestOf(hasher, 'hello'), started.length]).to.deep.equal([HELLO, 2]);
  });
});

describe('WorkerHasher, as pages permit it', () => {
  /** Digests `hello` in a frame with that policy; answers with the digest and with how many answers came from a worker. */
  const digestUnder = (policy: string): Promise<unknown> =>
    new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.srcdoc = `
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <script type="module">
          let answers = 0;
          const { Worker: WorkerOfPage } = window;
          window.Worker = class extends WorkerOfPage {
            constructor(...args) {
              super(...args);
              this.addEventListener('message', () => (answers += 1));
            }
          };
          import { md5 } from '${new URL('../../src/platform/worker-hasher.ts', import.meta.url)}';
          const digest = await md5(new Blob(['hello']), { signal: new AbortController().signal });
          parent.postMessage({ digest, answers });
        </script>`;
      addEventListener(
        'message',
        ({ data }) => {
          frame.remove();
          resolve(data);
        },
        { once: true },
      );
      document.body.append(frame);
    });

  const cases: Record<string, [policy: string, answers: number]> = {
    // Firefox takes the frame's own URL, about:srcdoc, for 'self'.
    'uses the file beside it': [`worker-src ${location.origin}`, 1],
    'names its Trusted Types policy': [`require-trusted-types-for 'script'; trusted-types fastio-upload`, 1],
    'does without a worker where its policy is not permitted': [
      `require-trusted-types-for 'script'; trusted-types other`,
      0,
    ],
    'does without a worker where none may run': [`worker-src 'none'`, 0],
  };
  for (const [title, [policy, answers]] of Object.entries(cases)) {
    it(title, async () => {
      expect(await digestUnder(policy)).to.deep.equal({ digest: HELLO, answers });
    });
  }
});
