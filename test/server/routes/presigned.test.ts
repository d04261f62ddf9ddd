import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signer } from '../../../src/server/tickets/signer.js';
import { verifyTicket } from '../../../src/server/tickets/ticket.js';
import { GRANT_URL, gatewayOver, MINT, refusal, SECRET, workingUpstream } from '../support/scripted-upstream.js';

/** The storage's file id, which the ticket of a grant holds. */
const grantedId = async (fileId: string): Promise<string> =>
  (await verifyTicket(fileId, 'ann', new Signer(SECRET), 'presigned')).sessionId;

const FILE = { filename: 'a.txt', contentType: 'text/plain', size: 3 };

describe('grant', () => {
  it('answers a grant under a ticket for the file id of the upstream', async () => {
    const send = gatewayOver(workingUpstream());
    const response = await send('POST', '/presigned', { json: FILE });
    const { uploadUrl, fileId, method, expiresAt } = await response.json();
    assert.equal(response.status, 200);
    assert.deepEqual([uploadUrl, method], [GRANT_URL, 'PUT']);
    assert.equal(await grantedId(fileId), 'f_1');
    assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 900_000) < 5000);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it('asks the upstream with the key, the life in seconds and the target of the options', async () => {
    const upstream = workingUpstream();
    await gatewayOver(upstream, { folderId: 'fo_1', grantTtlSeconds: 60 })('POST', '/presigned', {
      json: { ...FILE, relativePath: 'x/a.txt', workspaceId: 'ws_evil', metadata: { tag: 'red', gateway_owner: 'me' } },
    });
    const [asked] = upstream.asked(MINT);
    assert.equal(asked?.headers.get('authorization'), 'Bearer sk_live_3f9a6c');
    assert.deepEqual(asked?.json, {
      filename: 'a.txt',
      contentType: 'text/plain',
      expiresIn: 60,
      size: 3,
      folder_id: 'fo_1',
      relative_path: 'x/a.txt',
      metadata: { tag: 'red' },
    });
  });

  it('lets the hook, and never the browser, choose workspace and folder', async () => {
    const upstream = workingUpstream().on('POST /v1/workspaces/ws_2/presigned-urls', () =>
      Response.json({ url: GRANT_URL, fileId: 'f_1' }),
    );
    const authorize = () => ({ userId: 'ann', workspaceId: 'ws_2', folderId: 'fo_2' });
    await gatewayOver(upstream, { authorize })('POST', '/presigned', { json: { ...FILE, folderId: 'fo_evil' } });
    assert.equal(upstream.seen[0]?.json.folder_id, 'fo_2');
  });

  it('passes on the method, headers and expiry that the upstream grants', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const headers = { 'Content-Type': 'text/plain', 'x-amz-checksum-crc32c': '1' };
    const upstream = workingUpstream().on(MINT, () => Response.json({ url: GRANT_URL, fileId: 7, headers, expiresAt }));
    const grant = await (await gatewayOver(upstream)('POST', '/presigned', { json: FILE })).json();
    assert.deepEqual([await grantedId(grant.fileId), grant.headers, grant.expiresAt], ['7', headers, expiresAt]);
  });

  it('cleans the name, and keeps the original as metadata', async () => {
    const upstream = workingUpstream();
    await gatewayOver(upstream)('POST', '/presigned', {
      json: { ...FILE, filename: '../../etc/pass\u0000wd', relativePath: '../../etc/./passwd' },
    });
    const { filename, relative_path, metadata } = upstream.seen[0]?.json ?? {};
    assert.deepEqual([filename, relative_path], ['.._.._etc_passwd', 'etc/passwd']);
    assert.equal((metadata as Record<string, unknown>).gateway_original_name, '../../etc/pass\u0000wd');
  });

  const wrong: [string, unknown, [number, string]][] = [
    ['no name', { size: 1 }, [400, 'bad-request']],
    ['no size', { filename: 'a' }, [400, 'bad-request']],
    ['a negative size', { filename: 'a', size: -1 }, [400, 'bad-request']],
    ['a content type with a line break', { ...FILE, contentType: 'text/plain\r\nx: y' }, [400, 'bad-request']],
    ['a list', [FILE], [400, 'bad-request']],
    ['a path too long to keep', { ...FILE, relativePath: `${'d/'.repeat(2000)}a` }, [400, 'bad-request']],
    ['a file that is too large', { ...FILE, size: 11 }, [413, 'too-large']],
    [
      'a file of another type',
      { ...FILE, filename: 'a.exe', contentType: 'application/x-msdownload' },
      [415, 'type-not-allowed'],
    ],
    ['a body above 64 KiB', { ...FILE, metadata: { x: 'y'.repeat(70_000) } }, [413, 'too-large']],
  ];
  for (const [what, json, expected] of wrong) {
    it(`refuses ${what} without asking the upstream`, async () => {
      const upstream = workingUpstream();
      const send = gatewayOver(upstream, { limits: { maxFileSize: 10, accept: 'text/*' } });
      assert.deepEqual(await refusal(await send('POST', '/presigned', { json })), expected);
      assert.equal(upstream.seen.length, 0);
    });
  }

  it('lets the limits of the hook replace those of the options', async () => {
    const authorize = () => ({ userId: 'ann', limits: { maxFileSize: 2 } });
    const send = gatewayOver(workingUpstream(), { authorize, limits: { maxFileSize: 10, accept: 'text/*' } });
    assert.equal((await send('POST', '/presigned', { json: FILE })).status, 413);
    assert.equal((await send('POST', '/presigned', { json: { ...FILE, size: 2 } })).status, 200);
    assert.equal((await send('POST', '/presigned', { json: { ...FILE, size: 2, contentType: 'a/b' } })).status, 415);
  });

  it('refuses what a form or a plain-text fetch can send', async () => {
    const send = gatewayOver(workingUpstream());
    const body = JSON.stringify(FILE);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await send('POST', '/presigned', { body, headers: { 'Content-Type': type } });
      assert.deepEqual(await refusal(response), [400, 'bad-request']);
    }
  });

  const failures: [number, [number, string]][] = [
    [400, [400, 'bad-request']],
    [401, [403, 'upstream']],
    [402, [402, 'upstream']],
    [403, [403, 'upstream']],
    [404, [403, 'upstream']],
    [413, [413, 'too-large']],
    [429, [429, 'rate-limited']],
    [500, [502, 'upstream']],
    [503, [502, 'upstream']],
    [504, [504, 'upstream-timeout']],
    [507, [507, 'upstream']],
  ];
  for (const [status, expected] of failures) {
    it(`answers ${expected.join(' ')} when the upstream answers ${status}`, async () => {
      const upstream = workingUpstream().on(
        MINT,
        () => new Response('{}', { status, headers: { 'Retry-After': '3' } }),
      );
      const response = await gatewayOver(upstream)('POST', '/presigned', { json: FILE });
      assert.equal(response.headers.get('retry-after'), '3');
      assert.deepEqual(await refusal(response), expected);
    });
  }

  it('takes an answer without a grant, a redirect and an endless answer for failures of the upstream', async () => {
    const endless = () =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20).fill(32)) });
    const answers = [
      () => Response.json({ ok: true }),
      () => Response.json({ url: 'javascript:alert(1)', fileId: 'f' }),
      () => Response.redirect('https://evil.example/'),
      () => new Response(endless()),
      () => Promise.reject(new TypeError('fetch failed')),
    ];
    for (const answer of answers) {
      const response = await gatewayOver(workingUpstream().on(MINT, answer))('POST', '/presigned', { json: FILE });
      assert.deepEqual(await refusal(response), [502, 'upstream']);
    }
  });

  it('lets no grant send a file into a private network, with credentials, or in the clear', async () => {
    const urls = [
      'http://169.254.169.254/latest/meta-data',
      'https://169.254.169.254/latest/meta-data',
      'http://storage.example/put',
      'https://user:word@storage.example/put',
      'https://localhost/put',
      'https://127.0.0.1/put',
      'https://0x7f000001/put',
      'https://2130706433/put',
      'https://10.0.0.7/put',
      'https://172.31.255.255/put',
      'https://192.168.1.1/put',
      'https://100.64.0.1/put',
      'https://[::1]/put',
      'https://[::ffff:10.0.0.7]/put',
      'https://[fd00::1]/put',
      'https://[fe80::1]/put',
      'https://metadata.google.internal/put',
    ];
    for (const url of urls) {
      const upstream = workingUpstream().on(MINT, () => Response.json({ url, fileId: 'f_1' }));
      const response = await gatewayOver(upstream)('POST', '/presigned', { json: FILE });
      assert.deepEqual(await refusal(response), [502, 'upstream'], url);
    }
  });

  it('passes on only the headers that a PUT needs', async () => {
    const headers = {
      'Content-Type': 'text/plain',
      'Content-MD5': 'x',
      'x-amz-meta-tag': 'red',
      Authorization: 'Bearer x',
      Cookie: 'a=b',
      'x-amz-security-token': 'secret',
      'X-Forwarded-For': '1.2.3.4',
      Host: 'evil.example',
    };
    const upstream = workingUpstream().on(MINT, () => Response.json({ url: GRANT_URL, fileId: 'f_1', headers }));
    const grant = await (await gatewayOver(upstream)('POST', '/presigned', { json: FILE })).json();
    assert.deepEqual(Object.keys(grant.headers), ['Content-Type', 'Content-MD5', 'x-amz-meta-tag']);
  });

  it('asks for no longer life than the options say', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const upstream = workingUpstream().on(MINT, () => Response.json({ url: GRANT_URL, fileId: 'f_1', expiresAt }));
    const grant = await (
      await gatewayOver(upstream, { grantTtlSeconds: 60 })('POST', '/presigned', { json: FILE })
    ).json();
    assert.ok(Date.parse(grant.expiresAt) <= Date.now() + 60_000);
  });

  it('gives the upstream a limited time', async () => {
    const upstream = workingUpstream();
    const hang: typeof upstream.fetch = (_url, { signal }) =>
      new Promise((_, reject) => {
        // On a busy machine the time may be over before the request.
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    const send = gatewayOver(upstream, { fetch: hang, upstreamTimeoutMs: 20 });
    assert.deepEqual(await refusal(await send('POST', '/presigned', { json: FILE })), [504, 'upstream-timeout']);
  });
});

describe('grants of a batch', () => {
  it('answers in the order of the files, each with a grant or a refusal', async () => {
    const upstream = workingUpstream().on(MINT, async ({ json }) => {
      // Later files are answered sooner.
      for (let turn = 0; turn < 10 - Number(json.size); turn++) await Promise.resolve();
      return Response.json({ url: GRANT_URL, fileId: `f_${json.filename}` });
    });
    const files = Array.from({ length: 10 }, (_, index) => ({ ...FILE, filename: `${index}`, size: index }));
    const send = gatewayOver(upstream, { limits: { maxFileSize: 8 } });
    const { grants } = await (await send('POST', '/presigned', { json: { files: [...files, null] } })).json();
    assert.deepEqual(
      await Promise.all(
        grants.map(({ fileId, error }: { fileId?: string; error?: { code: string } }) =>
          fileId === undefined ? error?.code : grantedId(fileId),
        ),
      ),
      ['f_0', 'f_1', 'f_2', 'f_3', 'f_4', 'f_5', 'f_6', 'f_7', 'f_8', 'too-large', 'bad-request'],
    );
  });

  it('refuses more files than announced, than allowed, and none', async () => {
    const send = gatewayOver(workingUpstream(), { mintBatch: 3, limits: { maxFiles: 2 } });
    const mint = async (files: unknown) => refusal(await send('POST', '/presigned', { json: { files } }));
    assert.deepEqual(await mint(Array(4).fill(FILE)), [400, 'bad-request']);
    assert.deepEqual(await mint(Array(3).fill(FILE)), [413, 'too-large']);
    assert.deepEqual(await mint([]), [400, 'bad-request']);
    assert.deepEqual(await mint('all'), [400, 'bad-request']);
  });

  it('takes a hundred files with long names and paths', async () => {
    const file = { ...FILE, filename: 'n'.repeat(200), relativePath: `${'d'.repeat(1000)}/${'n'.repeat(200)}` };
    const response = await gatewayOver(workingUpstream())('POST', '/presigned', {
      json: { files: Array(100).fill(file) },
    });
    assert.equal((await response.json()).grants.length, 100);
  });

  it('stops asking once the upstream wants it slower, and says when to come again', async () => {
    let asked = 0;
    const upstream = workingUpstream().on(MINT, () =>
      ++asked > 20
        ? new Response('{}', { status: 429, headers: { 'Retry-After': '3' } })
        : Response.json({ url: GRANT_URL, fileId: `f_${asked}` }),
    );
    const response = await gatewayOver(upstream)('POST', '/presigned', { json: { files: Array(100).fill(FILE) } });
    const { grants } = await response.json();
    assert.equal(grants.filter((grant: object) => 'uploadUrl' in grant).length, 20);
    assert.ok(upstream.seen.length <= 28, `${upstream.seen.length} requests`);
    assert.equal(response.headers.get('retry-after'), '3');
  });

  it('fails as a whole when the upstream grants nothing', async () => {
    const upstream = workingUpstream().on(MINT, () => new Response('{}', { status: 503 }));
    const response = await gatewayOver(upstream)('POST', '/presigned', { json: { files: [FILE, FILE] } });
    assert.deepEqual(await refusal(response), [502, 'upstream']);
  });
});
