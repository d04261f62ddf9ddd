import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type VerifyOptions, verifyWebhook, WebhookError, type WebhookErrorCode } from '../../../src/server/index.js';
import { BODY, type HeaderPairs, joint, mac, message, nowSeconds, post, SECRET, split } from './signing.js';

const verdict = async (request: Request, options: Partial<VerifyOptions> = {}): Promise<'ok' | WebhookErrorCode> => {
  try {
    await verifyWebhook(request, { secrets: [SECRET], ...options });
    return 'ok';
  } catch (error) {
    if (error instanceof WebhookError) return error.code;
    throw error;
  }
};

const aged = (seconds: number) => message({ timestamp: String(nowSeconds() - seconds) });
const signed = message();
const right = mac(signed, 'base64');
const hex = mac(signed, 'hex');
const header = (value: string): HeaderPairs => [['Fastio-Signature', value]];
const withTime = (signature: string): HeaderPairs => [
  ['X-Fastio-Signature', signature],
  ['X-Fastio-Timestamp', signed.timestamp],
];
const BOM_BODY = `\uFEFF${BODY}`;
/** The same 32 bytes in another spelling: its last digit carries bits that no byte uses. */
const sloppy = (): string => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${right.slice(0, 42)}${digits[digits.indexOf(right[42] ?? 'A') + 1]}=`;
};

type Vector = [
  title: string,
  expected: 'ok' | WebhookErrorCode,
  request: () => Request,
  options?: Partial<VerifyOptions>,
];

const VECTORS: Vector[] = [
  ['a good signature in one header', 'ok', () => post(joint(message()))],
  ['a good signature with the time in its own header', 'ok', () => post(split(message()))],
  ['blanks after the commas', 'ok', () => post(header(`t=${signed.timestamp}, v1=${right}`))],
  ['the parts in another order', 'ok', () => post(header(`v1=${right},t=${signed.timestamp}`))],
  ['a part of a later version beside ours', 'ok', () => post(header(`t=${signed.timestamp},v1=${right},v2=zzz`))],
  ['only a part of a later version', 'signature-missing', () => post(header(`t=${signed.timestamp},v2=${right}`))],
  ['hex digits in capitals', 'ok', () => post(withTime(`sha256=${hex.toUpperCase()}`))],
  [
    'a body with letters beyond ASCII',
    'ok',
    () => {
      const body = '{"type":"file.uploaded","name":"Zoë 📷"}';
      return post(joint(message({ body })), body);
    },
  ],
  ['a wrong secret', 'signature-mismatch', () => post(joint(message({ secret: 'another' })))],
  [
    'a wrong secret, with the time in its own header',
    'signature-mismatch',
    () => post(split(message({ secret: 'x' }))),
  ],
  [
    'the old secret while both are valid',
    'ok',
    () => post(joint(message({ secret: 'old' }))),
    { secrets: [SECRET, 'old'] },
  ],
  ['the old secret after the rotation', 'signature-mismatch', () => post(joint(message({ secret: 'old' })))],
  ['a secret given as bytes', 'ok', () => post(joint(message())), { secrets: [new TextEncoder().encode(SECRET)] }],
  [
    'a sender that signs with the new secret and the old',
    'ok',
    () => post(header(`t=${signed.timestamp},v1=${mac({ ...signed, secret: 'new' }, 'base64')},v1=${right}`)),
  ],
  ['299 seconds ago', 'ok', () => post(joint(aged(299)))],
  ['301 seconds ago', 'timestamp-outside', () => post(joint(aged(301)))],
  ['299 seconds ahead', 'ok', () => post(joint(aged(-299)))],
  ['300 seconds ago, which is the last', 'ok', () => post(joint(aged(300)))],
  ['301 seconds ahead', 'timestamp-outside', () => post(joint(aged(-301)))],
  ['301 seconds ago, with the time in its own header', 'timestamp-outside', () => post(split(aged(301)))],
  [
    '11 seconds ago under a tolerance of 10',
    'timestamp-outside',
    () => post(joint(aged(11))),
    { toleranceSeconds: 10 },
  ],
  [
    'a fresh time set over an old signature',
    'signature-mismatch',
    () => post(header(`t=${nowSeconds()},v1=${mac(aged(900), 'base64')}`)),
  ],
  [
    'milliseconds for seconds',
    'timestamp-outside',
    () => post(joint(message({ timestamp: String(Date.now()).slice(0, 12) }))),
  ],
  ['no header', 'signature-missing', () => post([])],
  ['no time', 'signature-missing', () => post(header(`v1=${right}`))],
  ['no signature', 'signature-missing', () => post(header(`t=${signed.timestamp}`))],
  ['no timestamp header', 'signature-missing', () => post(split(message()).slice(0, 1))],
  ['only a timestamp header', 'signature-missing', () => post(split(message()).slice(1))],
  ['an empty header', 'signature-missing', () => post(header(''))],
  ['a time that is no number', 'signature-malformed', () => post(header(`t=soon,v1=${right}`))],
  ['a negative time', 'signature-malformed', () => post(header(`t=-${signed.timestamp},v1=${right}`))],
  ['the header twice', 'signature-malformed', () => post([...joint(signed), ...joint(signed)])],
  ['the header twice, in its other form', 'signature-malformed', () => post([...split(signed), ...split(signed)])],
  ['both forms at once', 'signature-malformed', () => post([...joint(signed), ...split(signed)])],
  [
    'two timestamp headers that differ',
    'signature-malformed',
    () => post([...split(signed), ['Fastio-Timestamp', '1']]),
  ],
  [
    'base64 with a letter that it does not have',
    'signature-malformed',
    () => post(header(`t=${signed.timestamp},v1=!${right.slice(1)}`)),
  ],
  ['base64 that is cut', 'signature-malformed', () => post(header(`t=${signed.timestamp},v1=${right.slice(0, 20)}`))],
  ['base64 in its second spelling', 'signature-malformed', () => post(header(`t=${signed.timestamp},v1=${sloppy()}`))],
  ['hex where base64 belongs', 'signature-malformed', () => post(header(`t=${signed.timestamp},v1=${hex}`))],
  ['hex that is cut', 'signature-malformed', () => post(withTime(`sha256=${hex.slice(2)}`))],
  ['hex without its prefix', 'signature-malformed', () => post(withTime(hex))],
  ['a weaker algorithm', 'signature-malformed', () => post(withTime(`sha1=${hex.slice(0, 40)}`))],
  ['a changed body', 'signature-mismatch', () => post(joint(message()), BODY.replace('f_1', 'f_2'))],
  [
    'a body that was parsed and written again',
    'signature-mismatch',
    () => {
      const body = '{ "type": "file.uploaded" }';
      return post(joint(message({ body })), JSON.stringify(JSON.parse(body)));
    },
  ],
  ['a byte order mark that was signed', 'ok', () => post(joint(message({ body: BOM_BODY })), BOM_BODY)],
  [
    'a byte order mark that was put before the signed body',
    'signature-mismatch',
    () => post(joint(message()), BOM_BODY),
  ],
  ['no body', 'unreadable', () => post(joint(message({ body: '' })), '')],
  ['a body that is no JSON', 'unreadable', () => post(joint(message({ body: 'hello' })), 'hello')],
  ['a body without a type', 'unreadable', () => post(joint(message({ body: '{}' })), '{}')],
  [
    'a body of 10 MB',
    'too-large',
    () => {
      const body = new Uint8Array(10e6);
      return post(joint(message({ body })), body);
    },
  ],
];

describe('verifyWebhook decides on', () => {
  for (const [title, expected, request, options] of VECTORS) {
    it(`${title}: ${expected}`, async ({ mock }) => {
      // Stands still, so that no second passes between signing and checking.
      mock.timers.enable({ apis: ['Date'], now: Number(signed.timestamp) * 1000 });
      assert.equal(await verdict(request(), options), expected);
    });
  }
});

describe('verifyWebhook and a message that comes again', () => {
  const stores: [string, () => NonNullable<VerifyOptions['seen']>][] = [
    ['a Set', () => new Set<string>()],
    [
      'a function',
      () => {
        const keys = new Set<string>();
        return async (key) => keys.size === keys.add(key).size;
      },
    ],
    [
      'a store over a network',
      () => {
        const keys = new Map<string, number>();
        return { has: async (key) => keys.has(key), add: async (key, expiresAt) => void keys.set(key, expiresAt) };
      },
    ],
  ];
  for (const [name, create] of stores) {
    it(`refuses it with ${name} as the memory`, async () => {
      const seen = create();
      const repeated = message();
      assert.equal(await verdict(post(joint(repeated)), { seen }), 'ok');
      assert.equal(await verdict(post(joint(repeated)), { seen }), 'replayed');
    });
  }

  it('is not fooled by another spelling of the same signature', async () => {
    const seen = new Set<string>();
    assert.equal(await verdict(post(joint(signed)), { seen }), 'ok');
    assert.equal(await verdict(post(split(signed)), { seen }), 'replayed');
  });

  it('lets the same body pass when it was signed anew', async () => {
    const seen = new Set<string>();
    assert.equal(await verdict(post(joint(aged(1))), { seen }), 'ok');
    assert.equal(await verdict(post(joint(aged(0))), { seen }), 'ok');
  });

  it('remembers nothing that was not signed', async () => {
    const seen = new Set<string>();
    await verdict(post(joint(message({ secret: 'wrong' }))), { seen });
    assert.equal(seen.size, 0);
  });

  it('says how long to remember it', async () => {
    const times: number[] = [];
    const fresh = message();
    await verdict(post(joint(fresh)), { seen: { has: () => false, add: (_key, expiresAt) => times.push(expiresAt) } });
    assert.deepEqual(times, [(Number(fresh.timestamp) + 300) * 1000]);
  });
});

describe('verifyWebhook answers', () => {
  const eventOf = async (body: string) => verifyWebhook(post(joint(message({ body })), body), { secrets: [SECRET] });

  it('the event with what it says of the file', async () => {
    const { signedAt, payload, ...event } = await eventOf(BODY);
    assert.deepEqual(event, {
      type: 'file.uploaded',
      id: 'evt_1',
      fileId: 'f_1',
      name: 'a.txt',
      size: 3,
      workspaceId: 'ws_1',
    });
    assert.deepEqual(payload, JSON.parse(BODY));
    assert.ok(Math.abs(signedAt - Date.now()) < 5000);
  });

  it('the same for a flat message with other names', async () => {
    const event = await eventOf(
      '{"event":"file.modified","fileId":7,"filename":"b","created_at":"2026-01-02T03:04:05Z","workspace":{"id":"w"}}',
    );
    const { type, fileId, name, occurredAt, workspaceId, id } = event as typeof event & {
      fileId: string;
      name: string;
    };
    assert.deepEqual(
      [type, fileId, name, occurredAt, workspaceId, id],
      ['file.modified', '7', 'b', Date.parse('2026-01-02T03:04:05Z'), 'w', undefined],
    );
  });

  it('who joined a workspace, and events that it does not know', async () => {
    assert.equal(
      ((await eventOf('{"type":"workspace.member_added","data":{"user_id":"u"}}')) as { userId?: string }).userId,
      'u',
    );
    assert.equal((await eventOf('{"type":"share.opened"}')).type, 'share.opened');
  });
});

describe('verifyWebhook refuses options', () => {
  const wrong: [string, unknown][] = [
    ['without secrets', {}],
    ['with an empty list of secrets', { secrets: [] }],
    ['with an empty secret, by which anyone could sign', { secrets: [SECRET, ''] }],
    ['with a secret that is missing from the environment', { secrets: [undefined] }],
    ['with a tolerance that is no number', { secrets: [SECRET], toleranceSeconds: Number.NaN }],
  ];
  for (const [title, options] of wrong) {
    it(title, async () => {
      await assert.rejects(verifyWebhook(post(joint(message())), options as VerifyOptions), TypeError);
    });
  }
});
