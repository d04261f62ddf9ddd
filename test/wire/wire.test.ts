import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCapabilities } from '../../src/wire/capabilities.js';
import { parseCompleteRequest, parseInitAnswer, parseInitRequest, parseSessionState } from '../../src/wire/chunked.js';
import { isMd5Etag, normalizeEtag } from '../../src/wire/etag.js';
import { parseBatchResults } from '../../src/wire/fastio-batch.js';
import { parseEnvelope } from '../../src/wire/fastio-envelope.js';
import { parseLockHolder, parseLockToken } from '../../src/wire/fastio-file-lock.js';
import { readErrorCode } from '../../src/wire/gateway-error.js';
import { MAX_RETRY_AFTER_MS, parseInstant, parseRetryAfter, readBackoff } from '../../src/wire/headers.js';
import { parseConfirmRequest, parseGrant, parseGrantOrRefusal, parseGrantRequest } from '../../src/wire/presigned.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

const FIELDS = [
  ...[
    'upload_id',
    'part_size',
    'parts',
    'part_number',
    'etag',
    'size',
    'file_id',
    'filename',
    'total_size',
    'expires_at',
  ],
  ...['uploadUrl', 'url', 'fileId', 'headers', 'method', 'expiresAt', 'error', 'code', 'protocols', 'urls', 'limits'],
  ...['mintBatch', 'response', 'result', 'results', 'index', 'status', 'lock', 'lock_info', 'lock_token', 'metadata'],
];

/** JSON that looks like an answer, with the wrong things in the right places. */
const answers = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(null, '', 0, -1, Number.POSITIVE_INFINITY, '1e999', true, [], {}, '__proto__'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), { maxKeys: 6 }),
})).object;

/** They hand on an object of the other side as it is. */
const PASSED_ON = ['parseInitRequest', 'parseGrantRequest', 'parseEnvelope'];

describe('parsers of what comes from outside', () => {
  const parsers = {
    parseInitAnswer,
    parseSessionState,
    parseInitRequest,
    parseCompleteRequest,
    parseGrant,
    parseGrantOrRefusal,
    parseGrantRequest,
    parseConfirmRequest,
    parseBatchResults,
    parseLockToken,
    parseLockHolder,
    parseCapabilities: (value: object) => parseCapabilities(JSON.stringify(value)),
    readErrorCode: (value: object) => readErrorCode(JSON.stringify(value)),
    parseEnvelope: (value: object) => parseEnvelope(JSON.stringify(value)),
  };
  for (const [name, parse] of Object.entries(parsers)) {
    it(`${name} never throws, and lets no unusable number through`, () => {
      fc.assert(
        fc.property(answers, (value) => {
          const numbers: number[] = [];
          JSON.stringify(parse(value), (_key, part) => {
            if (typeof part === 'number') numbers.push(part);
            return part;
          });

          if (!PASSED_ON.includes(name)) assert.ok(numbers.every(Number.isFinite));
        }),
        { numRuns: 200, endOnFailure: true },
      );
    });
  }

  it('take no text that is no JSON', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseCapabilities(text);
        readErrorCode(text);
        parseEnvelope(text);
      }),
    );
  });
});

describe('parseGrant', () => {
  it('reads the short and the long form', () => {
    assert.deepEqual(
      parseGrant({ url: '/a', file_id: 7, method: 'POST', headers: { a: 'b', c: 1 }, expiresAt: 1_800_000_000 }),
      {
        uploadUrl: '/a',
        fileId: '7',
        method: 'POST',
        headers: { a: 'b', c: '1' },
        expiresAt: 1_800_000_000_000,
      },
    );
    assert.deepEqual(parseGrant({ uploadUrl: '/a', fileId: 'f', expiresAt: 'never', more: true }), {
      uploadUrl: '/a',
      fileId: 'f',
      method: 'PUT',
      headers: {},
    });
  });

  it('takes nothing for a grant that lacks URL or id', () => {
    for (const value of [null, [], {}, { uploadUrl: '/a' }, { fileId: 'f' }, { uploadUrl: '', fileId: 'f' }]) {
      assert.equal(parseGrant(value), null);
    }
    assert.deepEqual(parseGrantOrRefusal({ error: { code: 'too-large', message: 'no' } }), {
      code: 'too-large',
      message: 'no',
    });
    assert.equal(parseGrantOrRefusal(null) && 'code' in parseGrantOrRefusal(null), true);
  });
});

describe('chunked answers', () => {
  it('take limits only where they limit something', () => {
    assert.deepEqual(
      parseInitAnswer({ upload_id: 's', part_size: '5', max_parts: 0, max_parallel: null, min_part_size: -1 }),
      {
        uploadId: 's',
        partSize: 5,
      },
    );
    assert.equal(parseInitAnswer({ part_size: 5 }), null);
  });

  it('skip parts that cannot be told apart', () => {
    const parts = [
      { part_number: 1, size: 2, etag: '"x"' },
      { part_number: 2, size: 2 },
      { etag: 'y', size: 1 },
      null,
      'z',
    ];

    assert.deepEqual(parseSessionState({ parts, file_id: 9 }), {
      parts: [{ number: 1, size: 2, etag: 'x' }],
      fileId: '9',
    });
    assert.equal(parseSessionState({ parts: {} }), null);
  });
});

describe('parseCapabilities', () => {
  it('fills in what is not said', () => {
    assert.deepEqual(parseCapabilities('{"protocols":["chunked",5],"urls":{"chunked":"/c","x":1}}'), {
      version: 1,
      protocols: ['chunked'],
      urls: { chunked: '/c' },
      chunkedAbove: 8 * 2 ** 20,
      limits: {},
    });
    assert.equal(parseCapabilities('{"protocols":"chunked","urls":{}}'), null);
  });

  it('takes the accepted types as a list as well', () => {
    const acceptOf = (accept: string) =>
      parseCapabilities(`{"protocols":[],"urls":{},"limits":{"accept":${accept}}}`)?.limits.accept;
    assert.equal(acceptOf('"image/*,.pdf"'), 'image/*,.pdf');
    assert.equal(acceptOf('["image/*",".pdf",7]'), 'image/*,.pdf');
  });
});

describe('parseRetryAfter', () => {
  const cases: [value: string | null, expected: number | undefined][] = [
    ['3', 3_000],
    ['0', 0],
    ['1.5', 1_500],
    [new Date(NOW + 7_000).toUTCString(), 7_000],
    [new Date(NOW - 7_000).toUTCString(), undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [' ', undefined],
    [null, undefined],
    ['999999999', MAX_RETRY_AFTER_MS],
    ['Infinity', MAX_RETRY_AFTER_MS],
    ['Fri, 31 Dec 9999 23:59:59 GMT', MAX_RETRY_AFTER_MS],
  ];
  for (const [value, expected] of cases) {
    it(`reads ${value === null ? 'nothing' : `"${value}"`} as ${expected}`, () => {
      assert.equal(parseRetryAfter(value, NOW), expected);
    });
  }
});

describe('readBackoff', () => {
  const read = (headers: Record<string, string>) => {
    const known = new Headers(headers);
    return readBackoff((name) => known.get(name), NOW);
  };
  const inTenSeconds = String(NOW / 1000 + 10);

  it('honours each of the three families', () => {
    assert.equal(read({ 'Retry-After': '2' }), 2_000);
    assert.equal(read({ 'x-ve-limit-avail': '0', 'x-ve-limit-expires': inTenSeconds }), 10_000);
    assert.equal(read({ 'X-Rate-Limit-Available': '0', 'X-Rate-Limit-Expiry': inTenSeconds }), 10_000);
  });

  it('goes by Retry-After where several speak', () => {
    assert.equal(read({ 'Retry-After': '2', 'x-ve-limit-avail': '0', 'x-ve-limit-expires': inTenSeconds }), 2_000);
  });

  it('keeps no one waiting while the budget lasts, nor without a time', () => {
    assert.equal(read({}), undefined);
    assert.equal(read({ 'x-ve-limit-avail': '3', 'x-ve-limit-expires': inTenSeconds }), undefined);
    assert.equal(read({ 'x-ve-limit-avail': '0' }), undefined);
  });

  it('gives a wait within bounds whatever the headers say', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('retry-after', 'x-ve-limit-avail', 'x-ve-limit-expires', 'x-rate-limit-expiry'),
          fc.oneof(fc.string(), fc.integer().map(String)),
        ),
        (headers) => {
          const ms = readBackoff((name) => headers[name] ?? null, NOW);

          assert.ok(ms === undefined || (ms >= 0 && ms <= MAX_RETRY_AFTER_MS), `${ms}`);
        },
      ),
    );
  });
});

describe('parseInstant', () => {
  it('tells seconds, milliseconds and dates apart', () => {
    assert.deepEqual(
      [NOW / 1000, NOW, '2026-01-01T00:00:00Z', '2026-01-01 00:00:00 UTC', String(NOW)].map(parseInstant),
      [NOW, NOW, NOW, NOW, NOW],
    );
    assert.deepEqual(
      [null, '', 'tomorrow', '1e999', Number.POSITIVE_INFINITY].map((value) => parseInstant(value)),
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it('takes nothing for an instant that no date can show, because it will be shown as one', () => {
    assert.deepEqual(
      [1e300, -1e300, 8.64e15].map((value) => parseInstant(value)),
      [undefined, undefined, 8.64e15],
    );
  });
});

describe('etag', () => {
  it('takes off quotes and weak mark, and nothing else', () => {
    assert.deepEqual(['"a"', 'W/"a"', 'a', ' "a-3" ', '"', '""', '', null].map(normalizeEtag), [
      'a',
      'a',
      'a',
      'a-3',
      '"',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes 32 hex digits for an MD5', () => {
    assert.equal(isMd5Etag('D41D8CD98F00B204e9800998ecf8427e'), true);
    assert.equal(isMd5Etag('d41d8cd98f00b204e9800998ecf8427e-2'), false);
  });
});
