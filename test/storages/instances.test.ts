/** Two instances of the gateway that share nothing, behind a round robin: every dialect over both storages, in a browser. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type RunningEmulator, startEmulator } from '../../src/emulator/index.js';
import { fastio, type StorageFactory, type StoredFile } from '../../src/server/index.js';
import { s3 } from '../../src/server/s3.js';
import { type DemoPage, type DemoProtocol, TestBrowser } from '../e2e/support/demo-page.js';
import { type MadeFile, MadeFiles } from '../e2e/support/made-files.js';
import { useRgw } from './support/bucket.js';
import { startElementPage } from './support/element-page.js';
import { startTwoInstances } from './support/two-instances.js';

const MIB = 2 ** 20;
const TIMEOUT_MS = 120_000;
const BASE = '/api/uploads';
const TICKET_SECRET = 'the secret of the tickets, of more than thirty-two bytes';

interface Storage {
  readonly factory: StorageFactory;
  /** What no answer and no page may hold. */
  readonly secrets: readonly string[];
  /** SHA-256 of everything that is stored, in hex. */
  digests(): Promise<readonly string[]>;
}

type MakeStorage = () => Promise<Storage>;

const attributesFor = (protocol: string): string => {
  const places: Readonly<Record<string, string>> = {
    auto: BASE,
    fastio: `${BASE}/current`,
    presigned: `${BASE}/presigned" confirm-endpoint="${BASE}/confirm`,
  };
  return `multiple protocol="${protocol}" endpoint="${places[protocol] ?? `${BASE}/${protocol}`}"`;
};

/** What the page holds, and from now on what its console says. */
const listenTo = (page: DemoPage) => {
  const heard: string[] = [];
  page.page.on('console', (message) => heard.push(message.text()));
  return async (): Promise<readonly string[]> => [
    ...heard,
    await page.page.content(),
    await page.text(),
    JSON.stringify(await page.uploads()),
  ];
};

describe('Two instances that share nothing', () => {
  const rgw = useRgw();
  let emulator: RunningEmulator;
  let browser: TestBrowser;
  let files: MadeFiles;
  let made: readonly MadeFile[];

  before(async () => {
    const stages = { assemble: 1, assembling: 1, complete: 1, store: 1, storing: 1 };
    [emulator, browser, files] = await Promise.all([
      startEmulator({ current: { stages } }),
      TestBrowser.start(),
      MadeFiles.begin(),
    ]);
    made = [
      await files.make('large.bin', 20 * MIB),
      await files.make('small-1.bin', 100_000),
      await files.make('small-2.bin', 3000),
    ];
  });
  after(async () => {
    await Promise.all([browser.close(), emulator.close()]);
    await files.close();
  });

  const inBucket: MakeStorage = async () => {
    const bucket = await rgw.makeBucket();
    return {
      factory: s3(bucket.options),
      secrets: [bucket.options.secretAccessKey, TICKET_SECRET],
      digests: async () => Promise.all((await bucket.keys()).map((key) => bucket.digest(key))),
    };
  };

  const inFastio: MakeStorage = async () => {
    // A file takes the place of one of its name, so each test begins with none.
    await emulator.clear();
    return {
      factory: fastio({ apiKey: emulator.apiKey, workspaceId: 'docs', upstream: emulator.url }),
      secrets: [emulator.apiKey, TICKET_SECRET],
      digests: async () => emulator.files().map(({ sha256 }) => sha256),
    };
  };

  const stores = async (makeStorage: MakeStorage, protocol: DemoProtocol, restartsAt: readonly number[]) => {
    const { factory, secrets, digests } = await makeStorage();
    const told: StoredFile[] = [];
    const logged: string[] = [];
    const options = {
      storage: factory,
      ticketSecret: TICKET_SECRET,
      authorize: () => ({ userId: `ada-${protocol}` }),
      onStored: (file: StoredFile) => void told.push(file),
      onError: (error: Error) => void logged.push(`${error.stack} ${String(error.cause)}`),
      onRequest: (report: object) => void logged.push(JSON.stringify(report)),
    };
    const instances = await startTwoInstances(options, restartsAt);
    const site = await startElementPage({ attributesFor, api: instances.listener });
    const page = await browser.open(site.url, protocol);
    const heardBy = listenTo(page);
    try {
      await page.choose(...made.map(({ path }) => path));
      const uploads = await page.settled(made.length, TIMEOUT_MS);
      assert.deepEqual(
        uploads.map(({ state, error }) => [state, error?.code]),
        made.map(() => ['done', undefined]),
      );
      // A form has no session: a file whose answer was lost is sent again, and may be there twice.
      const isForm = protocol === 'form' && restartsAt.length > 0;
      const stored = isForm ? [...new Set(await digests())] : await digests();
      assert.deepEqual([...stored].sort(), made.map(({ sha256 }) => sha256).sort());
      const ids = new Set(told.map(({ fileId }) => fileId));
      assert.ok(isForm ? ids.size >= made.length : ids.size === made.length, `${ids.size} were told`);
      assert.ok(instances.requests.every((count) => count > 0));
      assert.equal(instances.restarts, restartsAt.length);
      const heard = [...(await heardBy()), ...instances.answers, ...logged].join('\n');
      for (const secret of secrets) assert.ok(!heard.includes(secret), 'no secret is told');
      assert.deepEqual(await page.errors(), []);
    } finally {
      await page.close();
      await site.close();
      await instances.close();
    }
  };

  const storages: readonly (readonly [string, MakeStorage, readonly DemoProtocol[]])[] = [
    ['Fast.io', inFastio, ['auto', 'presigned', 'chunked', 'fastio', 'form']],
    ['a bucket', inBucket, ['auto', 'presigned', 'chunked', 'multipart', 'form']],
  ];
  for (const [name, makeStorage, protocols] of storages) {
    for (const protocol of protocols) {
      it(`store by \`${protocol}\` in ${name}`, () => stores(makeStorage, protocol, []));

      it(`lose nothing by \`${protocol}\` in ${name} when both are restarted in mid upload`, () =>
        stores(makeStorage, protocol, protocol === 'form' ? [2, 3] : [2, 5]));
    }
  }
});
