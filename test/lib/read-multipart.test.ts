import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MultipartError, readBoundary, readMultipart } from '../../src/lib/read-multipart.js';

/** The bytes in pieces that end anywhere. */
const inPieces = async function* (bytes: Uint8Array, sizes: readonly number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(sizes[turn % sizes.length] ?? 1, 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
};

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
};

const readAll = async (body: string | Uint8Array, boundary: string, sizes: readonly number[] = [7]) => {
  const parts = [];
  for await (const { name, fileName, type, bytes } of readMultipart(inPieces(Buffer.from(body), sizes), boundary)) {
    parts.push({ name, fileName, type, bytes: await collect(bytes) });
  }
  return parts;
};

/** As the platform encodes a form. */
const encode = async (form: FormData): Promise<{ body: Uint8Array; boundary: string }> => {
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const boundary = readBoundary(request.headers.get('content-type'));
  assert.ok(boundary !== null);
  return { body: new Uint8Array(await request.arrayBuffer()), boundary };
};

/** Whatever holds no boundary. */
const content = fc
  .string({ unit: fc.constantFrom('\r', '\n', '-', 'b', '\r\n--b', 'x'), maxLength: 30 })
  .filter((text) => !text.includes('\r\n--b-b'));

const isBroken = (error: unknown): boolean => error instanceof MultipartError;

describe('readMultipart', () => {
  it('reads fields and files as the platform sends them', async () => {
    const form = new FormData();
    form.append('order', '1');
    form.append('chunk', new File(['abc\r\n--'], 'a "b"\r\n%.bin', { type: 'application/x-test' }));
    form.append('täglich', 'für 日本');
    const { body, boundary } = await encode(form);
    const parts = await readAll(body, boundary);
    assert.deepEqual(
      parts.map(({ name, fileName, type, bytes }) => [name, fileName, type, bytes.toString('utf8')]),
      [
        ['order', null, null, '1'],
        ['chunk', 'a "b"\r\n%.bin', 'application/x-test', 'abc\r\n--'],
        ['täglich', null, null, 'für 日本'],
      ],
    );
  });

  it('reads what looks like the beginnings of a delimiter again and again', async () => {
    const tricky = Buffer.from('\r\n--\r\r\n-\r\n--formdata-\r\n\r\n--x\0ÿ', 'latin1');
    const form = new FormData();
    form.append('empty', '');
    form.append('chunk', new Blob([tricky], { type: 'image/png' }), 'a "quoted"; filename=x.png');
    const { body, boundary } = await encode(form);
    for (const size of [1, 2, 3, 7, 16, 61, 1000]) {
      const parts = await readAll(body, boundary, [size]);
      assert.deepEqual(
        parts.map(({ name, type, bytes }) => [name, type, bytes.toString('latin1')]),
        [
          ['empty', null, ''],
          ['chunk', 'image/png', tricky.toString('latin1')],
        ],
      );
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
      const parts = await readAll(new Uint8Array(await request.arrayBuffer()), boundary, [1000]);
      assert.deepEqual(
        parts.map((part) => [part.name, part.fileName !== null]),
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
      const [part] = await readAll(body, 'b', [5]);
      assert.deepEqual([part?.name, part?.fileName !== null], ['chunk', true], disposition);
    }
  });

  it('finds every boundary, wherever the pieces of the body end', () =>
    fc.assert(
      fc.asyncProperty(
        // Contents made of what boundaries are made of come closest to one.
        fc.array(content, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (contents, sizes) => {
          const parts = contents.map((text) => `--b-b\r\nContent-Disposition: form-data; name="f"\r\n\r\n${text}\r\n`);
          const read = await readAll(`${parts.join('')}--b-b--\r\n`, 'b-b', sizes);
          assert.deepEqual(
            read.map(({ bytes }) => bytes.toString('latin1')),
            contents,
          );
        },
      ),
    ));

  it('passes over what is not read, in whole or in part', async () => {
    const form = new FormData();
    for (const name of ['a', 'b', 'c']) form.append(name, new Blob(['x'.repeat(5000)]));
    const { body, boundary } = await encode(form);
    const names: string[] = [];
    for await (const { name, bytes } of readMultipart(inPieces(body, [1000]), boundary)) {
      names.push(name);
      if (name === 'b') for await (const _ of bytes) break;
    }
    assert.deepEqual(names, ['a', 'b', 'c']);
  });

  it('takes a preamble, an epilogue, padding and bare names', async () => {
    const body = 'hello\r\n--b \t\r\ncontent-disposition: form-data; name=x\r\n\r\n1\r\n--b--\r\nbye';
    const [part] = await readAll(body, 'b');
    assert.deepEqual([part?.name, part?.bytes.toString()], ['x', '1']);
  });

  it('refuses a body that ends early, is torn, or has no names', async () => {
    const head = '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n';
    for (const body of [
      '',
      `${head}1`,
      `${head}1\r\n--b`,
      `${head}1\r\n--bc\r\n`,
      '--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--',
      `--b\r\n${'x'.repeat(20_000)}\r\n\r\n1\r\n--b--`,
    ]) {
      await assert.rejects(readAll(body, 'b', [3]), isBroken, JSON.stringify(body.slice(0, 60)));
    }
  });

  it('lets go of the stream when its reader stops', async () => {
    let isLetGo = false;
    const body = (async function* () {
      try {
        yield Buffer.from('--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1');
        yield Buffer.from('2');
      } finally {
        isLetGo = true;
      }
    })();
    for await (const _ of readMultipart(body, 'b')) break;
    assert.ok(isLetGo);
  });

  it('knows a form by its content type', () => {
    assert.equal(readBoundary('multipart/form-data; boundary=abc'), 'abc');
    assert.equal(readBoundary('Multipart/Form-Data; charset=utf-8; boundary="a b"'), 'a b');
    assert.equal(readBoundary('multipart/mixed; boundary=abc'), null);
    assert.equal(readBoundary(null), null);
  });
});
