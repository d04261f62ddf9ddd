import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { startEmulator, type WebhookEvent, type WebhookOptions } from '../../../src/emulator/index.js';
import { warningsDuring } from '../../support/warnings.js';
import { ApiClient, bytesOf, until } from '../api-client.js';
import { type CurrentClient, INSTANT, withCurrent } from '../current/current-client.js';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: WebhookEvent;
}

/** A receiver that answers with these statuses in turn, then with 204. */
const withReceiver = async (
  statuses: readonly number[],
  test: (url: string, received: Received[]) => Promise<void>,
): Promise<void> => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces).toString('utf8');
    const status = statuses[received.length] ?? 204;
    received.push({ headers: request.headers, body, event: JSON.parse(body) });
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

const withHooks = (
  options: Omit<WebhookOptions, 'url' | 'secrets'> & { secrets?: readonly string[] },
  test: (
    api: CurrentClient,
    received: Received[],
    emulator: Awaited<ReturnType<typeof startEmulator>>,
  ) => Promise<void>,
  statuses: readonly number[] = [],
) =>
  withReceiver(statuses, (url, received) =>
    withCurrent(
      { current: { stages: INSTANT }, webhooks: { url, secrets: ['first'], retryDelayMs: 5, ...options } },
      (api, emulator) => test(api, received, emulator),
    ),
  );

const mac = (secret: string, time: string, body: string) => createHmac('sha256', secret).update(`${time}.${body}`);

const namesOf = (received: readonly Received[]): string[] => received.map(({ event }) => event.data.name);

describe('webhooks of the emulator', () => {
  it('tell of a stored file, signed in the first documented form', () =>
    withHooks({ secrets: ['new', 'old'] }, async (api, received, emulator) => {
      await api.single(bytesOf(7));
      await until(() => received.length === 1);
      const [hook] = received;
      const [file] = emulator.files();
      assert.equal(hook?.event.type, 'file.uploaded');
      assert.deepEqual([hook?.event.data.file_id, hook?.event.data.sha256], [file?.fileId, file?.sha256]);
      const [time = '', ...signatures] = String(hook?.headers['fastio-signature']).split(',');
      const expected = ['new', 'old'].map((secret) => mac(secret, time.slice(2), hook?.body ?? '').digest('base64'));
      assert.deepEqual(
        signatures,
        expected.map((signature) => `v1=${signature}`),
      );
      assert.ok(Math.abs(Number(time.slice(2)) - Date.now() / 1000) < 5);
    }));

  it('are signed in the second documented form', () =>
    withHooks({ header: 'w2', timestampHeader: 'X-Time' }, async (api, received) => {
      await api.single(bytesOf(7));
      await until(() => received.length === 1);
      const { headers, body } = received[0] ?? assert.fail();
      const hex = mac('first', String(headers['x-time']), body).digest('hex');
      assert.equal(headers['x-fastio-signature'], `sha256=${hex}`);
    }));

  it('tell a further version from a new file', () =>
    withHooks({}, async (api, received) => {
      await api.single(bytesOf(1));
      await api.single(bytesOf(2));
      await until(() => received.length === 2);
      assert.deepEqual(received.map(({ event }) => event.type).sort(), ['file.modified', 'file.uploaded']);
    }));

  it('come again until they are taken', () =>
    withHooks(
      {},
      async (api, received, emulator) => {
        await api.single(bytesOf(1));
        await until(() => emulator.webhooks().some(({ status }) => status === 204));
        assert.equal(new Set(received.map(({ event }) => event.id)).size, 1);
        assert.deepEqual(
          emulator.webhooks().map(({ attempt, status }) => [attempt, status]),
          [
            [1, 500],
            [2, 302],
            [3, 404],
            [4, 204],
          ],
        );
      },
      [500, 302, 404],
    ));

  it('are given up after their time', () =>
    withHooks(
      { retryForMs: 10 },
      async (api, received, emulator) => {
        await api.single(bytesOf(1));
        await until(() => emulator.webhooks().length === 2);
        await api.single(bytesOf(1), { name: 'b' });
        await until(() => received.some(({ event }) => event.data.name === 'b'));
        assert.deepEqual(namesOf(received), ['a.bin', 'a.bin', 'b']);
      },
      [500, 500],
    ));

  it('wait for their retries without a warning of a leak, however many there are', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index}`);
    const retryAll = () =>
      withHooks(
        { retryDelayMs: 60_000 },
        async (api, _, emulator) => {
          for (const name of names) await api.single(bytesOf(1), { name });
          await until(() => emulator.webhooks().length === names.length);
        },
        names.map(() => 500),
      );
    assert.deepEqual(await warningsDuring(retryAll), []);
  });

  it('come in the order and as often as arranged', () =>
    withHooks(
      { collect: 3, arrange: (events) => [...events].reverse().flatMap((event) => [event, event]) },
      async (api, received) => {
        for (const name of ['a', 'b', 'c']) await api.single(bytesOf(1), { name });
        await until(() => received.length === 6);
        assert.deepEqual(namesOf(received), ['c', 'c', 'b', 'b', 'a', 'a']);
      },
    ));

  it('tell of files of the other dialects as well', () =>
    withHooks({}, async (_, received, emulator) => {
      const api = new ApiClient(emulator);
      const { url, fileId } = await api.mint();
      await api.put(url, bytesOf(3));
      await until(() => received.length === 1);
      assert.equal(received[0]?.event.data.file_id, fileId);
    }));

  it('never leave this machine', async () => {
    for (const url of ['http://example.com/', 'http://10.0.0.1/', 'http://127.0.0.1.example.com/', 'http://[::2]/']) {
      await assert.rejects(startEmulator({ webhooks: { url, secrets: ['s'] } }), /this machine/, url);
    }
    await assert.rejects(startEmulator({ webhooks: { url: 'http://127.0.0.1/', secrets: [] } }), /secret/);
  });
});
