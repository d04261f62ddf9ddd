import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UploadError } from '../../../src/ports/errors.js';
import type { UploadFacts } from '../../../src/ports/protocol.js';
import { Backend } from '../../../src/protocols/shared/backend.js';
import { GrantBatcher } from '../../../src/protocols/shared/grant-batcher.js';
import type { Grant } from '../../../src/wire/presigned.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { ScriptedTransport } from '../../support/scripted-transport.js';

const factsOf = (name: string): UploadFacts => ({
  id: name,
  name,
  size: 1,
  type: 'text/plain',
  relativePath: name,
  lastModified: 0,
  metadata: null,
});

const setUp = (batchSize: number, endpoint = 'https://app.test/mint') => {
  const transport = new ScriptedTransport();
  const clock = new FakeClock();
  const backend = new Backend({ transport, endpoint, credentials: 'omit', headers: () => ({}), clock });
  const mint = new GrantBatcher(backend, batchSize, clock);
  const { signal } = new AbortController();
  const grant = (name: string) => mint.grant(factsOf(name), { signal });
  return { transport, clock, mint, grant };
};

const grantOf = (name: string) => ({ uploadUrl: `/store/${name}`, fileId: name });

const namesIn = (json: unknown): string[] =>
  (json as { files: { filename: string }[] }).files.map(({ filename }) => filename);

/** The code that a promise rejects with. */
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: UploadError) => error.code,
  );

describe('GrantBatcher', () => {
  it('asks for those that come in one moment in one request, and gives each its own', async () => {
    const { transport, grant } = setUp(10);
    const grants = ['a', 'b', 'c'].map(grant);
    const request = await transport.next('POST', '/mint');

    assert.deepEqual(namesIn(request.json), ['a', 'b', 'c']);
    await request.answer({ json: { grants: ['a', 'b', 'c'].map(grantOf) } });

    assert.deepEqual(
      (await Promise.all(grants)).map(({ fileId, uploadUrl }) => [fileId, uploadUrl]),
      ['a', 'b', 'c'].map((name) => [name, `https://app.test/store/${name}`]),
    );
  });

  it('never asks for more at once than the backend takes', async () => {
    const { transport, mint, grant } = setUp(2);
    const grants = ['a', 'b', 'c'].map(grant);
    const first = await transport.next('POST', '/mint');
    assert.deepEqual(namesIn(first.json), ['a', 'b']);
    await first.answer({ json: { grants: [grantOf('a'), grantOf('b')] } });
    mint.used((await grants[0]) as Grant);

    const second = await transport.next('POST', '/mint');
    assert.deepEqual(namesIn(second.json), ['c']);
    await second.answer({ json: { grants: [grantOf('c')] } });

    assert.equal((await Promise.all(grants)).length, 3);
  });

  it('asks ahead of need, and waits for a full batch while half a batch is unused', async () => {
    const { transport, clock, mint, grant } = setUp(4);
    const answerNext = async () => {
      const request = await transport.next('POST', '/mint');
      const names = namesIn(request.json);
      await request.answer({ json: { grants: names.map(grantOf) } });
      return names.join('');
    };
    const first = ['a', 'b', 'c', 'd'].map(grant);
    assert.equal(await answerNext(), 'abcd');
    const grants = await Promise.all(first);
    void grant('e');
    await transport.quiet();

    mint.used(grants[0] as Grant);
    await transport.quiet();
    mint.used(grants[1] as Grant);
    assert.equal(await answerNext(), 'e');

    for (const name of ['f', 'g', 'h']) void grant(name);
    await transport.quiet();
    void grant('i');
    assert.equal(await answerNext(), 'fghi', 'a full batch waits for nothing');

    void grant('j');
    await clock.advance(2_000);
    assert.equal(await answerNext(), 'j', 'grants of a paused upload stay unused');
    assert.equal(clock.pending, 0);
  });

  it('counts no grant as unused whose upload has left meanwhile', async () => {
    const { transport, mint, grant } = setUp(2);
    const leaving = new AbortController();
    const left = ['a', 'b'].map((name) => mint.grant(factsOf(name), leaving).catch((reason: unknown) => reason));
    const request = await transport.next('POST', '/mint');
    leaving.abort('gone');
    await request.answer({ json: { grants: [grantOf('a'), grantOf('b')] } });
    assert.deepEqual(await Promise.all(left), ['gone', 'gone']);

    void grant('c');

    assert.deepEqual(namesIn((await transport.next('POST', '/mint')).json), ['c']);
  });

  it('asks for one alone in the plain form where the backend takes no batches', async () => {
    const { transport, grant } = setUp(1);
    const granted = grant('a');

    const request = await transport.next('POST', '/mint');
    assert.deepEqual(request.json, { filename: 'a', contentType: 'text/plain', size: 1 });
    await request.answer({ json: { url: 'https://storage.test/a', fileId: 7 } });

    const { uploadUrl, fileId, method } = await granted;
    assert.deepEqual([uploadUrl, fileId, method], ['https://storage.test/a', '7', 'PUT']);
  });

  it('gives the refusal of one file to that file only', async () => {
    const { transport, grant } = setUp(10);
    const codes = ['a', 'b', 'c', 'd', 'e'].map(grant).map(codeOf);
    await (await transport.next('POST', '/mint')).answer({
      json: {
        grants: [
          { error: { code: 'too-large', message: 'over the limit' } },
          { error: { code: 'constructor', message: '' } },
          { error: { code: 'upstream-timeout', message: '' } },
          { error: { code: 'rate-limited', message: '' } },
          grantOf('e'),
        ],
      },
    });

    assert.deepEqual(await Promise.all(codes), ['too-large', 'http', 'http', 'rate-limited', 'resolved']);
  });

  it('passes on what a refusal says for people', async () => {
    const { transport, grant } = setUp(2);
    const words = ['a', 'b'].map((name) => grant(name).catch(({ userMessage }: UploadError) => userMessage));
    const refusals = ['rejected', 'upstream'].map((code) => ({ error: { code, message: 'Not this one.' } }));
    await (await transport.next('POST', '/mint')).answer({ json: { grants: refusals } });

    assert.deepEqual(await Promise.all(words), ['Not this one.', undefined]);
  });

  it('refuses a grant that must not be trusted, and no other of the batch', async () => {
    const { transport, grant } = setUp(10);
    const outcomes = ['plain', 'user', 'script', 'broken', 'fine'].map(grant).map(codeOf);
    await (await transport.next('POST', '/mint')).answer({
      json: {
        grants: [
          { uploadUrl: 'http://storage.test/a', fileId: '1' },
          { uploadUrl: 'https://user:secret@storage.test/a', fileId: '2' },
          { uploadUrl: 'javascript:alert(1)', fileId: '3' },
          { uploadUrl: 'https://', fileId: '4' },
          grantOf('fine'),
        ],
      },
    });

    assert.deepEqual(await Promise.all(outcomes), [
      'configuration',
      'configuration',
      'configuration',
      'configuration',
      'resolved',
    ]);
  });

  it('takes a grant over http where the backend itself is on http', async () => {
    const { transport, grant } = setUp(1, 'http://localhost:1/mint');
    const outcome = codeOf(grant('a'));

    await (await transport.next('POST', '/mint')).answer({ json: { uploadUrl: 'http://127.0.0.1:1/a', fileId: '1' } });

    assert.equal(await outcome, 'resolved');
  });

  it('lets those ask again that an answer left out', async () => {
    const { transport, grant } = setUp(10);
    const [first, second] = ['a', 'b'].map(grant).map(codeOf);
    await (await transport.next('POST', '/mint')).answer({ json: { grants: [grantOf('a')] } });

    assert.deepEqual([await first, await second], ['resolved', 'network']);
  });

  it('tells all in the batch of its failure', async () => {
    const { transport, grant } = setUp(10);
    const outcomes = ['a', 'b'].map(grant).map(codeOf);

    await (await transport.next('POST', '/mint')).answer({ status: 402 });

    assert.deepEqual(await Promise.all(outcomes), ['payment-required', 'payment-required']);
  });

  it('drops the one that leaves before the batch does, and not the others', async () => {
    const { transport, mint, grant } = setUp(2);
    const controller = new AbortController();
    const busy = grant('busy');
    const request = await transport.next('POST', '/mint');
    const left = mint.grant(factsOf('left'), controller).catch((reason: unknown) => reason);
    const stays = grant('stays');

    controller.abort('bye');
    assert.equal(await left, 'bye');
    await request.answer({ json: { grants: [grantOf('busy')] } });
    const next = await transport.next('POST', '/mint');

    assert.deepEqual(namesIn(next.json), ['stays']);
    await next.answer({ json: { grants: [grantOf('stays')] } });
    await Promise.all([busy, stays]);
  });

  it('does not ask for one that has left already', async () => {
    const { transport, mint } = setUp(2);

    const outcome = mint.grant(factsOf('a'), { signal: AbortSignal.abort('gone') }).catch((reason: unknown) => reason);
    await settle();

    assert.equal(await outcome, 'gone');
    await transport.quiet();
  });
});

describe('GrantBatcher, a batch under way', () => {
  it('does not hold up who is aborted, and goes on for the others', async () => {
    const { transport, mint, grant } = setUp(10);
    const controller = new AbortController();
    const left = codeOf(mint.grant(factsOf('a'), controller).catch((error) => Promise.reject({ code: error.name })));
    const stays = grant('b');
    const request = await transport.next('POST', '/mint');

    controller.abort();

    assert.equal(await left, 'AbortError');
    await request.answer({ json: { grants: ['a', 'b'].map(grantOf) } });
    assert.equal((await stays).fileId, 'b');
  });
});
