/** What the S3 storage makes of answers that no healthy server gives; how it fares at a real one is in `test/storages`. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpError } from '../../../../src/server/http/http-error.js';
import { s3 } from '../../../../src/server/s3.js';
import type { CallOptions, MultipartSession } from '../../../../src/server/storage/storage.js';

const SECRET = 'the-secret-key-of-the-bucket';
const SESSION: MultipartSession = {
  workspaceId: '',
  folderId: 'root',
  sessionId: 'upload-1 mark-1 folder/file.bin',
  name: 'file.bin',
  size: 3,
  type: 'image/png',
};
const PARTS = [{ number: 1, size: 3, etag: 'a' }];

type Answer = Response | Error;
type Script = (method: string, url: URL) => Answer;

const storageWith = (script: Script, timeoutMs = 1000) => {
  const asked: string[] = [];
  const { multipart, presigned, chunked, library } = s3({
    endpoint: 'https://storage.example',
    bucket: 'photos',
    accessKeyId: 'AKIATEST',
    secretAccessKey: SECRET,
  })({ grantTtlSeconds: 60, timeoutMs });
  assert.ok(multipart && presigned && chunked && library);
  const options: CallOptions = {
    caller: { userId: 'ada', workspaceId: '', folderId: 'root' },
    fetch: async (text, init) => {
      const url = new URL(text);
      const method = init.method ?? 'GET';
      asked.push(`${method} ${url.pathname}${url.searchParams.has('uploadId') ? '?uploadId' : ''}`);
      const answer = script(method, url);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { multipart, presigned, chunked, library, options, asked };
};

const xml = (status: number, body: string): Response =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>${body}`, { status });

const refusal = (status: number, code: string): Response =>
  xml(status, `<Error><Code>${code}</Code><Message>${SECRET} https://storage.example</Message></Error>`);

const object = (mark: string): Response =>
  new Response(null, { headers: { 'x-amz-meta-upload': mark, 'content-length': '3' } });

const isHttpError = (status: number, code: HttpError['code']) => (error: unknown) => {
  assert.ok(error instanceof HttpError, String(error));
  assert.deepEqual([error.status, error.code], [status, code]);
  assert.doesNotMatch(
    JSON.stringify([error.toBody(), error.headers, String(error.cause)]),
    new RegExp(`${SECRET}|storage.example`),
  );
  return true;
};

describe('Completing at S3', () => {
  it('takes a 200 with an error inside for the failure that it is', async () => {
    const { multipart, options } = storageWith((method) =>
      method === 'POST'
        ? refusal(200, 'InternalError')
        : method === 'HEAD'
          ? new Response(null, { status: 404 })
          : xml(200, '<ListPartsResult/>'),
    );
    await assert.rejects(multipart.complete(SESSION, PARTS, options), isHttpError(502, 'upstream'));
  });

  it('takes a 200 with nothing inside for a failure, too', async () => {
    const { multipart, options } = storageWith((method) =>
      method === 'HEAD' ? new Response(null, { status: 404 }) : xml(200, '  '),
    );
    await assert.rejects(multipart.complete(SESSION, PARTS, options), isHttpError(502, 'upstream'));
  });

  it('answers the file when the upload is gone and its object is there: an answer was lost', async () => {
    for (const status of [404, 500]) {
      const { multipart, options } = storageWith((method) =>
        method === 'HEAD' ? object('mark-1') : refusal(status, status === 404 ? 'NoSuchUpload' : 'InternalError'),
      );
      assert.equal(await multipart.complete(SESSION, PARTS, options), 'folder/file.bin');
    }
  });

  it('does not take the object of another upload for it', async () => {
    const { multipart, options } = storageWith((method) =>
      method === 'HEAD' ? object('mark-2') : refusal(404, 'NoSuchUpload'),
    );
    await assert.rejects(multipart.complete(SESSION, PARTS, options), isHttpError(404, 'not-found'));
    await assert.rejects(multipart.list(SESSION, options), isHttpError(404, 'not-found'));
  });

  it('names a part that differs, and asks no further', async () => {
    for (const code of ['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']) {
      const { multipart, options, asked } = storageWith(() => refusal(400, code));
      await assert.rejects(multipart.complete(SESSION, PARTS, options), isHttpError(409, 'bad-request'));
      assert.equal(asked.length, 1);
    }
  });
});

describe('Listing at S3', () => {
  const page = (numbers: readonly number[], next?: number): string =>
    `<ListPartsResult>${numbers
      .map(
        (number) => `<Part><PartNumber>${number}</PartNumber><ETag>&quot;e${number}&quot;</ETag><Size>5</Size></Part>`,
      )
      .join('')}<IsTruncated>${next !== undefined}</IsTruncated>${
      next === undefined ? '' : `<NextPartNumberMarker>${next}</NextPartNumberMarker>`
    }</ListPartsResult>`;

  it('reads all pages of 10,000 parts', async () => {
    const { multipart, options, asked } = storageWith((_method, url) => {
      const from = Number(url.searchParams.get('part-number-marker') ?? 0);
      const numbers = Array.from({ length: 1000 }, (_, index) => from + index + 1);
      return xml(200, page(numbers, from + 1000 < 10_000 ? from + 1000 : undefined));
    });
    const { parts } = await multipart.list(SESSION, options);
    assert.deepEqual(
      parts.map(({ number }) => number),
      Array.from({ length: 10_000 }, (_, index) => index + 1),
    );
    assert.deepEqual(parts[0], { number: 1, size: 5, etag: 'e1' });
    assert.equal(asked.length, 10);
  });

  it('ends on pages without end', async () => {
    let marker = 0;
    const { multipart, options } = storageWith(() => xml(200, page([1], ++marker)));
    await assert.rejects(multipart.list(SESSION, options), isHttpError(502, 'upstream'));
    const still = storageWith(() => xml(200, page([1], 7)));
    assert.equal((await still.multipart.list(SESSION, still.options)).parts.length, 2);
  });

  it('leaves out what is no part', async () => {
    const odd = '<Part><PartNumber>0</PartNumber></Part><Part><PartNumber>x</PartNumber><Size>-1</Size></Part>';
    const { multipart, options } = storageWith(() => xml(200, `<ListPartsResult>${odd}</ListPartsResult>`));
    assert.deepEqual((await multipart.list(SESSION, options)).parts, []);
  });
});

describe('Refusals of S3', () => {
  const meanings: readonly [status: number, code: string, sent: number, gateway: HttpError['code']][] = [
    [403, 'AccessDenied', 502, 'upstream'],
    [403, 'SignatureDoesNotMatch', 502, 'upstream'],
    [403, 'RequestTimeTooSkewed', 502, 'upstream'],
    [400, 'ExpiredToken', 502, 'upstream'],
    [404, 'NoSuchBucket', 502, 'upstream'],
    [400, 'RequestTimeout', 503, 'upstream'],
    [409, 'OperationAborted', 503, 'upstream'],
    [503, 'SlowDown', 429, 'rate-limited'],
    [429, 'TooManyRequests', 429, 'rate-limited'],
    [500, 'InternalError', 502, 'upstream'],
    [501, 'NotImplemented', 501, 'upstream'],
    [507, 'QuotaExceeded', 507, 'upstream'],
    [400, 'EntityTooLarge', 413, 'too-large'],
  ];
  for (const [status, code, sent, gateway] of meanings) {
    it(`${status} ${code} becomes ${sent} ${gateway}, and says nothing of what S3 said`, async () => {
      const { multipart, options } = storageWith(() => refusal(status, code));
      await assert.rejects(multipart.abort(SESSION, options), (error: unknown) => {
        assert.match(String((error as HttpError).cause), new RegExp(code));
        return isHttpError(sent, gateway)(error);
      });
    });
  }

  it('pass on when to come again', async () => {
    const { multipart, options } = storageWith(
      () => new Response('<Error><Code>SlowDown</Code></Error>', { status: 503, headers: { 'Retry-After': '7' } }),
    );
    await assert.rejects(multipart.list(SESSION, options), (error: unknown) => {
      assert.deepEqual((error as HttpError).headers, { 'Retry-After': '7' });
      return true;
    });
  });
});

describe('Odd answers of S3', () => {
  const file = { ...SESSION, size: 3 };
  const odd: readonly [what: string, answer: () => Answer, status: number][] = [
    ['HTML', () => new Response('<html>Log in</html>'), 502],
    ['nothing', () => new Response(''), 502],
    ['an upload id with a blank', () => xml(200, '<UploadId>a b</UploadId>'), 502],
    [
      'a redirect to another region',
      () => new Response(null, { status: 307, headers: { Location: 'https://x' } }),
      502,
    ],
    ['more than anything needs', () => new Response(new Uint8Array(5 * 2 ** 20)), 502],
    ['a broken connection', () => new TypeError('fetch failed', { cause: new Error('ECONNRESET') }), 502],
  ];
  for (const [what, answer, status] of odd) {
    it(`opening is a clear failure on ${what}`, async () => {
      const { multipart, options } = storageWith(answer);
      await assert.rejects(multipart.open(file, options), isHttpError(status, 'upstream'));
    });
  }

  it('a storage that does not answer is a 504', async () => {
    const { multipart, options } = storageWith(() => new Error('unused'), 20);
    const silent: CallOptions = {
      ...options,
      fetch: (_url, init) =>
        new Promise((_resolve, reject) => {
          // On a busy machine the time may be over before the request.
          init.signal?.throwIfAborted();
          // As a socket would, it keeps the process alive.
          const alive = setInterval(() => {}, 1000);
          init.signal?.addEventListener('abort', () => {
            clearInterval(alive);
            reject(init.signal?.reason);
          });
        }),
    };
    await assert.rejects(multipart.open(file, silent), isHttpError(504, 'upstream-timeout'));
  });

  it('a caller that leaves ends the request with its own reason', async () => {
    const { multipart, options } = storageWith(() => new Error('unused'));
    const reason = new Error('left');
    await assert.rejects(
      multipart.open(file, { ...options, signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
  });

  it('a hook that throws is told as it is', async () => {
    const failing = s3({
      endpoint: 'https://storage.example',
      bucket: 'photos',
      credentials: () => {
        throw new TypeError('vault is sealed');
      },
    })({ grantTtlSeconds: 60, timeoutMs: 1000 });
    const { options } = storageWith(() => new Error('unused'));
    assert.ok(failing.multipart);
    await assert.rejects(failing.multipart.open(file, options), /vault is sealed/);
  });
});

describe('What is too large for S3', () => {
  it('is refused before anything is opened', async () => {
    const { multipart, presigned, options, asked } = storageWith(() => xml(200, '<UploadId>1</UploadId>'));
    const tooLarge = isHttpError(413, 'too-large');
    await assert.rejects(presigned.grant({ ...SESSION, size: 5 * 2 ** 30 + 1 }, options), tooLarge);
    await assert.rejects(multipart.open({ ...SESSION, size: 5 * 2 ** 30 * 10_000 + 1 }, options), tooLarge);
    assert.deepEqual(asked, []);
  });
});
