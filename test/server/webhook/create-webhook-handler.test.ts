import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWebhookHandler, type FileStoredEvent, type WebhookHandlerOptions } from '../../../src/server/index.js';
import { signalled } from '../support/loopback.js';
import { gatewayOver, refusal, workingUpstream } from '../support/scripted-upstream.js';
import { BODY, joint, message, post, SECRET } from './signing.js';

const handlerWith = (options: Partial<WebhookHandlerOptions> = {}) =>
  createWebhookHandler({ secrets: [SECRET], ...options });

describe('createWebhookHandler', () => {
  it('tells its hooks of the event, then answers 200', async () => {
    const told: unknown[] = [];
    const response = await handlerWith({
      onEvent: ({ type }) => void told.push(type),
      onStored: ({ fileId }: FileStoredEvent) => void told.push(fileId),
    })(post(joint(message())));
    assert.deepEqual([response.status, told], [200, ['file.uploaded', 'f_1']]);
  });

  it('calls onStored for nothing but an upload', async () => {
    let stored = 0;
    const body = BODY.replace('uploaded', 'accessed');
    await handlerWith({ onStored: () => void stored++ })(post(joint(message({ body })), body));
    assert.equal(stored, 0);
  });

  it('answers a repeated message with 200 and does not pass it on', async () => {
    let events = 0;
    const handler = handlerWith({ onEvent: () => void events++ });
    const same = message();
    await handler(post(joint(same)));
    assert.deepEqual([(await handler(post(joint(same)))).status, events], [200, 1]);
  });

  it('takes a message again whose hook failed', async () => {
    let calls = 0;
    const errors: unknown[] = [];
    const handler = handlerWith({
      onEvent: () => {
        if (++calls === 1) throw new Error('no database at db.internal');
      },
      onError: (error) => void errors.push(error),
    });
    const same = message();
    const failed = await handler(post(joint(same)));
    assert.doesNotMatch(await failed.clone().text(), /db\.internal/);
    assert.deepEqual(await refusal(failed), [500, 'internal']);
    assert.deepEqual([(await handler(post(joint(same)))).status, calls, errors.length], [200, 2, 1]);
  });

  it('takes a message again whose hook failed, whatever store remembers it', async () => {
    const keys = new Map<string, number>();
    const seen = {
      has: (key: string) => keys.has(key),
      add: (key: string, expiresAt: number) => keys.set(key, expiresAt),
    };
    let calls = 0;
    const onEvent = () => {
      if (++calls === 1) throw new Error('no database');
    };
    const handler = handlerWith({ seen, onEvent });
    const same = message();
    assert.equal((await handler(post(joint(same)))).status, 500);
    assert.equal(keys.size, 0);
    assert.equal((await handler(post(joint(same)))).status, 200);
    assert.deepEqual([calls, [...keys.values()]], [2, [Number(same.timestamp) * 1000 + 300_000]]);
    assert.deepEqual([(await handler(post(joint(same)))).status, calls], [200, 2]);
  });

  it('does not say that it has a message whose hook is still at work', async () => {
    const begun = signalled();
    const end = signalled();
    let calls = 0;
    const errors: unknown[] = [];
    const onEvent = async () => {
      calls++;
      begun.resolve();
      await end.promise;
      if (calls === 1) throw new Error('no database');
    };
    const handler = handlerWith({ onEvent, onError: (error) => void errors.push(error) });
    const same = message();
    const first = handler(post(joint(same)));
    await begun.promise;
    assert.deepEqual(await refusal(await handler(post(joint(same)))), [503, 'internal']);
    assert.deepEqual([calls, errors.length], [1, 0]);
    end.resolve();
    assert.equal((await first).status, 500);
    assert.equal((await handler(post(joint(same)))).status, 200);
    assert.equal(calls, 2);
  });

  it('does not wait for ever for a hook that came to nothing', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const begun = signalled();
    let calls = 0;
    const onEvent = () => {
      begun.resolve();
      return ++calls === 1 ? new Promise<void>(() => {}) : undefined;
    };
    const handler = handlerWith({ onEvent });
    const same = message();
    void handler(post(joint(same)));
    await begun.promise;
    context.mock.timers.tick(59_000);
    assert.equal((await handler(post(joint(same)))).status, 503);
    context.mock.timers.tick(1000);
    assert.deepEqual([(await handler(post(joint(same)))).status, calls], [200, 2]);
  });

  it('is not made with a memory that cannot wait for its hooks', () => {
    const seen = (() => false) as unknown as Set<string>;
    assert.throws(() => handlerWith({ seen }), TypeError);
  });

  it('refuses what is not signed, without a word on why', async () => {
    const errors: unknown[] = [];
    const response = await handlerWith({ onError: (error) => void errors.push(error) })(post([]));
    assert.deepEqual(await response.json(), { error: { code: 'unauthorized', message: 'the signature is not valid' } });
    assert.match(String(errors[0]), /no signature header/);
  });

  it('survives an onError hook that fails later', async () => {
    const onError = async () => {
      throw new Error('no log');
    };
    assert.equal((await handlerWith({ onError })(post([]))).status, 401);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('has a status for each refusal', async () => {
    const handler = handlerWith({ maxBytes: 100 });
    assert.deepEqual(await refusal(await handler(post(joint(message({ body: '{}' })), '{}'))), [400, 'bad-request']);
    assert.deepEqual(await refusal(await handler(post(joint(message())))), [413, 'too-large']);
    assert.deepEqual(await refusal(await handler(new Request('https://app.example/'))), [405, 'bad-request']);
  });

  it('is not made without a secret', () => {
    assert.throws(() => createWebhookHandler({ secrets: [] }), TypeError);
  });
});

describe('a webhook and the browser', () => {
  const mintThenConfirm = async (storedFiles: Set<string>, status: number, body: unknown) => {
    const upstream = workingUpstream().on('GET /v1/workspaces/ws_1/files/f_1', () => Response.json(body, { status }));
    const send = gatewayOver(upstream, { storedFiles });
    const json = { filename: 'a.txt', contentType: 'text/plain', size: 3 };
    const { fileId } = await (await send('POST', '/presigned', { json })).json();
    return send('POST', '/confirm', { json: { fileId } });
  };
  const absent = { error: { code: 'file-not-found' } };

  it('confirms a file that the browser did not hear of, when the storage cannot be asked', async () => {
    const storedFiles = new Set<string>();
    assert.deepEqual(await refusal(await mintThenConfirm(storedFiles, 503, {})), [502, 'upstream']);
    await handlerWith({ storedFiles })(post(joint(message())));
    assert.deepEqual(await (await mintThenConfirm(storedFiles, 503, {})).json(), { fileId: 'f_1', stored: true });
  });

  it('confirms nothing that no webhook told of, where the storage cannot tell', async () => {
    for (const status of [404, 405, 501]) {
      assert.deepEqual(await refusal(await mintThenConfirm(new Set(), status, {})), [404, 'not-found']);
      assert.equal((await mintThenConfirm(new Set(['f_1']), status, {})).status, 200);
    }
  });

  it('confirms it where the storage does not list it yet', async () => {
    assert.equal((await mintThenConfirm(new Set(), 404, absent)).status, 404);
    assert.equal((await mintThenConfirm(new Set(['f_1']), 404, absent)).status, 200);
  });
});
