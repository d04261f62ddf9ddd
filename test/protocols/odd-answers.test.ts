/** Answers that no protocol foresees: pages of portals and sign-ins, grants that are none, grants for two. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadError } from '../../src/ports/errors.js';
import { UploadEngine } from '../../src/preset.js';
import { listen } from '../server/support/loopback.js';
import { fileOf, openChunked, presignedBench } from '../support/builders.js';
import { GRANT, received } from '../support/scripted-server.js';

const PAGE = { text: '<!DOCTYPE html><title>Welcome to the network</title>' };

describe('a grant', () => {
  for (const [what, answer] of [
    ['204', { status: 204 }],
    ['an empty 200', {}],
    ['OK', { text: 'OK' }],
    ['null', { json: null }],
    ['a list', { json: [] }],
    ['an object without URL', { json: { id: 1 } }],
  ] as const) {
    it(`that is ${what} ends with \`protocol\` at once`, async () => {
      const bench = presignedBench();
      const id = bench.add(fileOf('a.txt'));
      await (await bench.server.nextMint()).answer(answer);

      await bench.transport.quiet();
      assert.equal(bench.upload(id).error?.code, 'protocol');
    });
  }

  it('that was cut short is asked for again', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await (await bench.server.nextMint()).answer({ text: '{"uploadUrl": "https://st' });

    assert.equal(bench.state(id), 'waiting backoff');
  });

  it('that two files get ends the second one with `protocol`', async () => {
    const bench = presignedBench();
    const first = bench.add(fileOf('a.txt'));
    const second = bench.add(fileOf('b.txt'));
    const mints = [await bench.server.nextMint(), await bench.server.nextMint()];
    for (const mint of mints) await mint.answer({ json: GRANT });
    await (await bench.server.nextPut()).answer({});

    assert.deepEqual([bench.state(first), bench.upload(second).error?.code], ['done', 'protocol']);
  });

  it('with fields is sent as a form whose last field is the file', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt', 10, { type: 'text/plain' }));
    await bench.server.grant({ fields: { key: 'k', success_action_status: 201 } });
    const post = await bench.transport.next('POST', '/object');
    const fields = [...(post.form?.entries() ?? [])].map(([name, value]) => [name, String(value)]);
    await post.answer({ status: 204 });

    assert.deepEqual(fields, [
      ['key', 'k'],
      ['success_action_status', '201'],
      ['file', '[object File]'],
    ]);
    assert.deepEqual([post.headers, bench.upload(id).fileId], [{}, 'file-1']);
  });

  it('may name its method in lower case', async () => {
    const bench = presignedBench();
    bench.add(fileOf('a.txt'));
    await bench.server.grant({ method: 'post' });

    await (await bench.transport.next('POST', '/object')).answer({});
  });

  it('may share its URL with others that have other fields', async () => {
    const bench = presignedBench();
    const ids = [bench.add(fileOf('a.txt')), bench.add(fileOf('b.txt'))];
    const mints = [await bench.server.nextMint(), await bench.server.nextMint()];
    for (const [index, mint] of mints.entries()) {
      await mint.answer({ json: { ...GRANT, fileId: `f${index}`, fields: { key: `k${index}` } } });
    }
    for (const _ of ids) await (await bench.transport.next('POST', '/object')).answer({ status: 204 });

    assert.deepEqual(
      ids.map((id) => bench.upload(id).fileId),
      ['f0', 'f1'],
    );
  });

  it('is renewed when the storage hides that it has expired', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    const uploadUrl = 'https://storage.test/object?X-Amz-Date=20261130T000000Z&X-Amz-Expires=60';
    await bench.server.grant({ uploadUrl });
    const put = await bench.server.nextPut();
    await bench.clock.advance(61_000);
    await put.fail('network');
    await bench.server.grant({ uploadUrl: `${uploadUrl}&again` });
    await (await bench.server.nextPut()).answer({});

    assert.deepEqual([bench.state(id), bench.upload(id).attempt], ['done', 1]);
  });

  it('is renewed before a refusal by CORS is believed', async () => {
    const bench = presignedBench();
    bench.add(fileOf('a.txt'));
    await bench.server.grant();
    await (await bench.server.nextPut()).fail('cors');

    await bench.server.grant({ uploadUrl: `${GRANT.uploadUrl}2` });
  });
});

describe('a page in the place of an answer', () => {
  it('is no receipt of a storage', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await bench.server.grant();
    await (await bench.server.nextPut()).answer(PAGE);

    assert.equal(bench.state(id), 'waiting backoff');
  });

  it('is none in pieces either, but an empty answer of its type is one', async () => {
    const headers = { 'content-type': 'text/html; charset=UTF-8' };
    for (const [text, state] of [
      ['<script>location = "/sign-in"</script>', 'waiting backoff'],
      ['', 'done'],
    ] as const) {
      const bench = presignedBench();
      const id = bench.add(fileOf('a.txt'));
      await bench.server.grant();
      await (await bench.server.nextPut()).answer({ text, headers });
      assert.equal(bench.state(id), state);
    }
  });

  it('is a wrong endpoint before anything has worked', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await (await bench.server.nextMint()).answer(PAGE);

    assert.equal(bench.upload(id).error?.code, 'configuration');
  });

  it('is waited for in the middle of an upload', async () => {
    const { bench, id, server, clock } = await openChunked(10);
    await (await server.nextPart()).answer(PAGE);
    assert.equal(bench.state(id), 'waiting backoff');

    await clock.advance(30_000);
    await server.takePart();
    await server.complete();
    assert.equal(bench.state(id), 'done');
  });

  it('asks for a sign-in when it stays', async () => {
    const { bench, id, server, clock } = await openChunked(10);
    for (let pages = 0; pages < 2; pages += 1) {
      await (await server.nextPart()).answer(PAGE);
      await clock.advance(30_000);
    }

    assert.equal(bench.state(id), 'paused needs-sign-in');
  });

  it('is waited for some seconds, however many requests meet it', async () => {
    const { bench, id, transport, server, clock } = await openChunked(60, { parallel: 6 });
    for (let seconds = 0; seconds < 9; seconds += 1) {
      for (const part of transport.open) await part.answer(PAGE);
      await clock.advance(1_000);
    }
    assert.notEqual(bench.upload(id).reason, 'needs-sign-in');

    for (let part = 1; part <= 6; part += 1) {
      await clock.advance(30_000);
      await server.takePart();
    }
    await server.complete();
    assert.equal(bench.state(id), 'done');
  });
});

describe('a redirect of what has worked', () => {
  it('is waited for', async () => {
    const { bench, id, server, clock } = await openChunked(10);
    await (await server.nextPart()).reject(new UploadError('protocol', 'redirects', { status: 302 }));
    assert.equal(bench.state(id), 'waiting backoff');

    await clock.advance(30_000);
    await server.takePart();
  });
});

describe('a redirect of the very first request to a storage', () => {
  it('ends the upload with a message that names the fix, and sends nothing elsewhere', async (context) => {
    const sent: string[] = [];
    const storage = await listen(context, (request, response) => {
      sent.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => response.writeHead(302, { location: '/sign-in' }).end());
    });
    const endpoint = await listen(context, (request, response) => {
      const grant = JSON.stringify({ uploadUrl: `${storage}/object`, fileId: 'f1' });
      request.resume().on('end', () => response.end(grant));
    });
    const engine = new UploadEngine({ endpoint: `${endpoint}/uploads`, protocol: 'presigned', resume: false });
    const end = new Promise<string>((resolve) => {
      for (const name of ['upload-failed', 'upload-complete'] as const)
        engine.addEventListener(name, () => resolve(name));
    });
    engine.addFiles([fileOf('a.txt')]);

    assert.equal(await end, 'upload-failed');
    const [{ error } = {}] = engine.uploads;
    assert.equal(error?.code, 'protocol');
    assert.match(error?.message ?? '', /redirects; name the final URL/);
    assert.deepEqual(sent, ['PUT /object']);
  });
});

describe('statuses of proxies', () => {
  for (const status of [499, 520, 522, 529, 530]) {
    it(`${status} passes`, async () => {
      const { bench, id, server } = await openChunked(10);
      await (await server.nextPart()).answer({ status });

      assert.equal(bench.state(id), 'waiting backoff');
    });
  }

  for (const status of [501, 505]) {
    it(`${status} stays`, async () => {
      const { bench, id, server } = await openChunked(10);
      await (await server.nextPart()).answer({ status });

      assert.equal(bench.state(id), 'failed');
    });
  }
});

describe('a refusal of S3', () => {
  it('that the bytes came too slowly has them sent once more to the same URL', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await bench.server.grant();
    const first = await bench.server.nextPut();
    await first.answer({ status: 400, text: '<Error><Code>RequestTimeout</Code></Error>' });
    assert.equal(bench.state(id), 'waiting backoff');
    await bench.clock.advance(30_000);
    const second = await bench.server.nextPut();
    await second.answer({});

    assert.deepEqual([second.url.href, bench.state(id)], [first.url.href, 'done']);
  });

  it('to complete because of a part has the server asked, and what it lacks sent once', async () => {
    const { bench, id, server } = await openChunked(20);
    for (const _ of [1, 2]) await server.takePart();
    const refusal = { status: 400, json: { error: { code: 'InvalidPart' } } };
    await (await server.nextComplete()).answer(refusal);
    await server.showParts([1]);
    const part = await server.nextPart();
    assert.equal(part.partNumber, 2);
    await received(part);
    await server.showParts([1, 2]);
    await (await server.nextComplete()).answer(refusal);

    assert.deepEqual([bench.state(id), bench.upload(id).error?.code], ['failed', 'part-mismatch']);
  });
});

describe('words for people', () => {
  const said = async (error: unknown, status = 403): Promise<string | undefined> => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await (await bench.server.nextMint()).answer({ status, json: { error } });
    return bench.upload(id).error?.userMessage;
  };

  it('come from the refusal of the endpoint', async () => {
    assert.equal(await said({ code: 'x', message: 'Ask Ada first.' }), 'Ask Ada first.');
    assert.equal(await said({ message: 'no', userMessage: 'Ask  \n Ada\u0000 first.' }), 'Ask Ada first.');
  });

  it('are at most 200 characters', async () => {
    for (const message of ['no '.repeat(100), 'no'.repeat(300)]) {
      assert.equal((await said({ message }))?.length, 200);
    }
  });

  it('are left out where they hold a ticket, or are none', async () => {
    for (const message of ['eyJ1c2VyIjoiYWRhIn0.c2lnbmF0dXJlb2Z0aGV0aWNrZXQ is over', '', 5, {}, null]) {
      assert.equal(await said({ message }), undefined);
    }
  });

  it('come with a refusal and with no failure of the server', async () => {
    assert.equal(await said({ message: 'Internal' }, 501), undefined);
  });

  it('never come from a storage', async () => {
    const bench = presignedBench();
    const id = bench.add(fileOf('a.txt'));
    await bench.server.grant({ uploadUrl: 'https://app.test/object' });
    await (await bench.server.nextPut()).answer({ status: 400, json: { error: { message: 'No.' } } });

    assert.deepEqual([bench.state(id), bench.upload(id).error?.userMessage], ['failed', undefined]);
  });
});

describe('messages of errors', () => {
  it('hold nothing of a session or a ticket', async () => {
    const { bench, id, server } = await openChunked(10, {}, { upload_id: 's1' });
    const ticket = 'eyJ1c2VyIjoiYWRhIn0.c2lnbmF0dXJlb2Z0aGV0aWNrZXQ';
    await (await server.nextPart()).answer({ status: 400, json: { error: { code: ticket, message: ticket } } });

    const { message = '' } = bench.upload(id).error ?? {};
    assert.doesNotMatch(message, /eyJ|s1/);
    assert.match(message, /https:\/\/app\.test\/uploads answered 400/);
  });
});
