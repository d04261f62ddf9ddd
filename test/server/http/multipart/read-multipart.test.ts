import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readBoundary, readMultipart, readText } from '../../../../src/server/http/multipart/read-multipart.js';
import { toStream, writeMultipart } from '../../../../src/server/http/multipart/write-multipart.js';

/** The body in pieces of `size` bytes, so that delimiters are cut at every place. */
const inPieces = (bytes: Uint8Array<ArrayBuffer>, size: number): ReadableStream<Uint8Array> =>
  toStream(
    (async function* () {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
    })(),
  );

const read = async (body: ReadableStream<Uint8Array>, boundary: string) => {
  const read: [string, boolean, string, string][] = [];
  for await (const { name, isFile, type, bytes } of readMultipart(body, boundary)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    read.push([name, isFile, type, Buffer.concat(chunks).toString('latin1')]);
  }
  return read;
};

/** Bytes that look like the beginnings of a delimiter again and again. */
const TRICKY = Buffer.from('\r\n--\r\r\n-\r\n--formdata-\r\n\r\n--x\0ÿ', 'latin1');

const platformForm = async () => {
  const form = new FormData();
  form.append('order', '1');
  form.append('empty', '');
  form.append('chunk', new Blob([TRICKY], { type: 'image/png' }), 'a "quoted"; filename=x.png');
  const request = new Request('https://a.example', { method: 'POST', body: form });
  return {
    boundary: readBoundary(request.headers.get('content-type')) ?? '',
    bytes: new Uint8Array(await request.arrayBuffer()),
  };
};

describe('readMultipart', () => {
  it('reads what the platform writes, wherever its pieces end', async () => {
    const { boundary, bytes } = await platformForm();
    for (const size of [1, 2, 3, 7, 16, 61, 1000]) {
      assert.deepEqual(await read(inPieces(bytes, size), boundary), [
        ['order', false, 'application/octet-stream', '1'],
        ['empty', false, 'application/octet-stream', ''],
        ['chunk', true, 'image/png', TRICKY.toString('latin1')],
      ]);
    }
  });

  it('is not misled by a file name', async () => {
    const pieces = [
      ' name=',
      ';name=',
      '; name="x"',
      'filename=',
      '"',
      ';',
      ' ',
      "'",
      '\\',
      '%22',
      '=',
      'é',
      '.png',
      'a',
    ];
    let seed = 7;
    const pick = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return pieces[seed % pieces.length] ?? '';
    };
    for (let turn = 0; turn < 300; turn++) {
      const fileName = Array.from({ length: 1 + (turn % 7) }, pick).join('');
      const form = new FormData();
      form.append('order', '1');
      form.append('chunk', new Blob(['x']), fileName);
      const request = new Request('https://a.example', { method: 'POST', body: form });
      const boundary = readBoundary(request.headers.get('content-type')) ?? '';
      const parts = await read(inPieces(new Uint8Array(await request.arrayBuffer()), 1000), boundary);
      assert.deepEqual(
        parts.map(([name, isFile]) => [name, isFile]),
        [
          ['order', false],
          ['chunk', true],
        ],
        fileName,
      );
    }
  });

  it('reads parameters in any order, with and without quotes, as other clients write them', async () => {
    const dispositions = [
      'form-data; filename="a.png"; name="chunk"',
      'form-data;filename=a.png;name=chunk',
      "Form-Data; Name=chunk; filename*=UTF-8''a.png",
    ];
    for (const disposition of dispositions) {
      const body = `--b\r\nContent-Disposition: ${disposition}\r\n\r\nv\r\n--b--`;
      const [part] = await read(inPieces(new Uint8Array(Buffer.from(body)), 5), 'b');
      assert.deepEqual(part?.slice(0, 2), ['chunk', true], disposition);
    }
  });

  it('passes over what nobody reads, in whole or in part', async () => {
    const { boundary, bytes } = await platformForm();
    const names: string[] = [];
    for await (const part of readMultipart(inPieces(bytes, 3), boundary)) {
      names.push(part.name);
      if (part.isFile) for await (const _ of part.bytes) break;
    }
    assert.deepEqual(names, ['order', 'empty', 'chunk']);
  });

  it('refuses a body that is cut, torn, or has a part without a name', async () => {
    const broken = [
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue',
      '--b\r\nX: y\r\n\r\nv\r\n--b--',
      '--bad',
    ];
    for (const text of broken) {
      await assert.rejects(read(inPieces(new Uint8Array(Buffer.from(text)), 5), 'b'), { status: 400 });
    }
  });

  it('refuses a head without end', async () => {
    const endless = new Uint8Array(Buffer.from(`--b\r\nX: ${'y'.repeat(20_000)}`));
    await assert.rejects(read(inPieces(endless, 1000), 'b'), { status: 413 });
  });

  it('takes only as much text as is allowed', async () => {
    const long = (async function* () {
      yield new Uint8Array(11);
    })();
    await assert.rejects(readText(long, 10), { status: 413 });
  });
});

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
