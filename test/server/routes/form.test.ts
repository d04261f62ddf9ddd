import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredFile } from '../../../src/server/index.js';
import { AT_ONCE, realStorage } from '../support/real-storage.js';
import { refusal } from '../support/scripted-upstream.js';

const formOf = (fields: Record<string, string>, files: readonly File[], name = 'file'): FormData => {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  for (const file of files) form.append(name, file);
  return form;
};

const text = (name: string, content: string) => new File([content], name, { type: 'text/plain' });

describe('form', () => {
  it('stores the files of one request byte for byte, and tells the hook of each', async (context) => {
    const { emulator, gateway } = await realStorage(context);
    const stored: StoredFile[] = [];
    const send = gateway({ onStored: (file) => ({ row: stored.push(file) }) });
    const body = formOf({ album: 'Holiday' }, [text('a.txt', 'first'), text('b "2".txt', 'x'.repeat(100_000))]);
    const answer = await (await send('POST', '/form', { body })).json();
    const files = emulator.files();
    assert.deepEqual(
      files.map(({ name, size }) => [name, size]),
      [
        ['a.txt', 5],
        ['b "2".txt', 100_000],
      ],
    );
    assert.deepEqual([answer.fileId, answer.result], [files[0]?.fileId, { row: 1 }]);
    assert.deepEqual(
      answer.files.map(({ fileId }: { fileId: string }) => fileId),
      files.map(({ fileId }) => fileId),
    );
    assert.deepEqual(
      stored.map(({ name, userId, protocol, metadata }) => [name, userId, protocol, metadata]),
      [
        ['a.txt', 'ann', 'form', { album: 'Holiday' }],
        ['b "2".txt', 'ann', 'form', { album: 'Holiday' }],
      ],
    );
  });

  it('keeps the path of a file from a chosen folder, as the protocol `form` sends it', async (context) => {
    const stored: StoredFile[] = [];
    const { gateway } = await realStorage(context);
    const send = gateway({ onStored: (file) => void stored.push(file) });
    const fields = { relativePath: 'trip/day 1/a.txt', album: 'Holiday', metadata: '{"row": 1}' };

    await send('POST', '/form', { body: formOf(fields, [text('a.txt', 'first')]) });

    assert.deepEqual(
      stored.map(({ relativePath, metadata }) => [relativePath, metadata]),
      [['trip/day 1/a.txt', { album: 'Holiday', row: 1 }]],
    );
  });

  it('answers a page to a page without scripts, or sends it on to a path of its own site', async (context) => {
    const { gateway } = await realStorage(context, { current: { stages: AT_ONCE } });
    const send = gateway();
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const page = await send('POST', '/form', { body: formOf({}, [text('<b>.txt', 'a')]), headers });
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.match(await page.text(), /&#60;b&#62;\.txt/);
    const on = await send('POST', '/form', { body: formOf({ redirect: '/thanks?a=1' }, [text('a', 'a')]), headers });
    assert.deepEqual([on.status, on.headers.get('location')], [303, '/thanks?a=1']);
    for (const redirect of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a\r\nx: y']) {
      const response = await send('POST', '/form', { body: formOf({ redirect }, [text('a', 'a')]), headers });
      assert.deepEqual([response.status, response.headers.get('location')], [200, null]);
    }
  });

  it('holds the limits, and leaves nothing of a file that breaks one', async (context) => {
    const { emulator, gateway } = await realStorage(context);
    const send = gateway({ limits: { maxFileSize: 10, maxFiles: 2, accept: 'text/*' } });
    const post = async (files: readonly File[]) => refusal(await send('POST', '/form', { body: formOf({}, files) }));
    assert.deepEqual(await post([text('a.txt', 'x'.repeat(11))]), [413, 'too-large']);
    assert.deepEqual(await post([new File(['x'], 'a.exe', { type: 'application/x-msdownload' })]), [
      415,
      'type-not-allowed',
    ]);
    assert.equal(emulator.files().length, 0);
    assert.deepEqual(await post([text('1', ''), text('2', ''), text('3', '')]), [413, 'too-large']);
    assert.deepEqual(await post([]), [400, 'bad-request']);
    assert.deepEqual(await refusal(await send('POST', '/form', { json: {} })), [400, 'bad-request']);
  });

  it('is refused to the page of another site', async (context) => {
    const { gateway } = await realStorage(context);
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const response = await gateway()('POST', '/form', { body: formOf({}, [text('a', 'a')]), headers });
    assert.deepEqual(await refusal(response), [403, 'forbidden']);
  });
});

describe('files', () => {
  it('are not offered unless the options say so', async (context) => {
    const { gateway } = await realStorage(context);
    assert.equal((await gateway()('GET', '/files')).status, 404);
  });

  it('lists what is stored, page by page, and opens each by a URL without the key', async (context) => {
    const { emulator, gateway } = await realStorage(context, { current: { stages: AT_ONCE } });
    const send = gateway({ files: true });
    const names = Array.from({ length: 90 }, (_, index) => `${index}.txt`);
    await send('POST', '/form', {
      body: formOf(
        {},
        names.map((name) => text(name, name)),
      ),
    });
    await send('POST', '/form', {
      body: formOf(
        {},
        names.slice(0, 30).map((name) => text(`b${name}`, name)),
      ),
    });
    const first = await (await send('GET', '/files')).json();
    const second = await (await send('GET', `/files?cursor=${first.next}`)).json();
    assert.deepEqual([first.files.length, second.files.length, second.next], [100, 20, undefined]);
    assert.deepEqual(
      new Set([...first.files, ...second.files].map(({ fileId }) => fileId)),
      new Set(emulator.files().map(({ fileId }) => fileId)),
    );
    const [{ url, size, type, storedAt }] = first.files;
    assert.deepEqual([size, type, Number.isNaN(Date.parse(storedAt))], [5, 'application/octet-stream', false]);
    const opened = await send('GET', url.replace('/api/uploads', ''));
    const location = opened.headers.get('location') ?? '';
    assert.equal(opened.status, 302);
    assert.doesNotMatch(location, new RegExp(emulator.apiKey));
    const bytes = await fetch(location);
    assert.deepEqual(
      [await bytes.text(), bytes.headers.get('content-disposition')?.slice(0, 10)],
      ['0.txt', 'attachment'],
    );
  });

  it('are those of the caller', async (context) => {
    const { emulator, gateway } = await realStorage(context);
    const to = (folderId: string) => gateway({ files: true, authorize: () => ({ userId: 'ann', folderId }) });
    await to('one')('POST', '/form', { body: formOf({}, [text('a.txt', 'a')]) });
    const [file] = emulator.files();
    assert.equal((await (await to('two')('GET', '/files')).json()).files.length, 0);
    assert.equal((await to('two')('GET', `/files/${file?.fileId}`)).status, 404);
    assert.equal((await to('one')('GET', `/files/${file?.fileId}`)).status, 302);
    for (const id of ['nothing', '%252e%252e', '%E0%A4%A']) {
      assert.equal((await to('one')('GET', `/files/${id}`)).status, 404);
    }
  });
});
