import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from '../../../../src/server/http/multipart/read-form.js';
import { toStream, writeMultipart } from '../../../../src/server/http/multipart/write-multipart.js';

/** Bytes that look like the beginnings of a delimiter again and again. */
const TRICKY = Buffer.from('\r\n--\r\r\n-\r\n--formdata-\r\n\r\n--x\0ÿ', 'latin1');

describe('writeMultipart', () => {
  it('writes what the platform reads, and knows its length beforehand', async () => {
    const bytes = (async function* () {
      yield TRICKY;
    })();
    const {
      contentType,
      length,
      bytes: body,
    } = writeMultipart({
      fields: { name: 'Zoë.txt', size: '3' },
      files: [{ name: 'chunk', type: 'image/png', bytes }],
      fileSize: TRICKY.length,
    });
    const response = new Response(toStream(body), { headers: { 'Content-Type': contentType } });
    const copy = await response.clone().arrayBuffer();
    const form = await response.formData();
    assert.deepEqual([form.get('name'), form.get('size'), copy.byteLength], ['Zoë.txt', '3', length]);
    const file = form.get('chunk');
    assert.ok(file instanceof File);
    assert.deepEqual([file.type, Buffer.from(await file.arrayBuffer())], ['image/png', TRICKY]);
  });
});

describe('readText', () => {
  it('takes only as much text as is allowed', async () => {
    const long = (async function* () {
      yield new Uint8Array(11);
    })();
    await assert.rejects(readText(long, 10), { status: 413 });
  });
});
