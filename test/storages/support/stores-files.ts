/** What holds of a bucket behind a gateway, whatever the gateway runs in. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Demo } from '../../../demo/start-demo.js';
import { type DemoPage, TestBrowser } from '../../e2e/support/demo-page.js';
import { type MadeFile, MadeFiles } from '../../e2e/support/made-files.js';
import { type Bucket, useRgw } from './bucket.js';
import { eventually } from './eventually.js';
import type { GatewayValues } from './gateway-values.js';
import { type StartGateway, type StoredNotices, startSite, startStoredNotices } from './site.js';
import { type StorageProxy, startStorageProxy } from './storage-proxy.js';

const MiB = 2 ** 20;
const TIMEOUT_MS = 300_000;

interface Stage {
  readonly bucket: Bucket;
  readonly proxy: StorageProxy;
  readonly demo: Demo;
  readonly page: DemoPage;
  readonly notices: StoredNotices;
}

/** Tests of the current suite. `large` is the size of the largest file. */
export const storesFiles = (startGateway: StartGateway, large: number): void => {
  const rgw = useRgw();
  let browser: TestBrowser;
  let files: MadeFiles;
  before(async () => {
    [browser, files] = await Promise.all([TestBrowser.start(), MadeFiles.begin()]);
  });
  after(async () => {
    await browser.close();
    await files.close();
  });

  /** A bucket that shows no ETag to pages, because nothing may need it. */
  const onStage = async (values: Partial<GatewayValues>, act: (stage: Stage) => Promise<void>): Promise<void> => {
    const bucket = await rgw.makeBucket({ exposesEtag: false });
    const [proxy, notices] = await Promise.all([startStorageProxy(rgw.url()), startStoredNotices()]);
    const gateway = await startGateway({
      s3: { ...bucket.options, endpoint: proxy.url },
      ticketSecret: 'a secret of more than thirty-two bytes',
      basePath: '/api/s3',
      storedUrl: notices.url,
      ...values,
    });
    const demo = await startSite(gateway);
    const page = await browser.open(demo.url, 's3');
    try {
      await watchEvents(page);
      await act({ bucket, proxy, demo, page, notices });
      assert.deepEqual(await page.errors(), []);
    } finally {
      await page.close();
      await demo.close();
      await Promise.all([proxy.close(), notices.close()]);
    }
  };

  it(`stores a file of ${large / MiB} MiB in parts, byte by byte, though the page sees no ETag`, async (t) => {
    await onStage({}, async ({ bucket, proxy, page, notices }) => {
      const file = await files.make('large.bin', large);
      await page.choose(file.path);
      await page.settled(1, TIMEOUT_MS);
      await holdsExactly(bucket, [file]);
      assert.deepEqual(
        notices.heard.map(({ name, size }) => [name, size]),
        [['large.bin', large]],
      );
      assert.deepEqual(await eventsOf(page), { complete: 1, failed: 0, retry: 0 });
      t.diagnostic(`${proxy.storedParts().size} parts`);
      assert.ok(proxy.storedParts().size > 1);
      assert.deepEqual(await bucket.unfinished(), []);
    });
  });

  it('stores a thousand small files, each once', async () => {
    await onStage({}, async ({ bucket, page, notices }) => {
      const made: MadeFile[] = [];
      for (let index = 0; index < 1000; index += 1) made.push(await files.make(`small/file-${index}.bin`, 100 + index));
      await page.choose(...made.map(({ name }) => join(files.folder, name)));
      await page.settled(made.length, TIMEOUT_MS);
      await holdsExactly(bucket, made);
      assert.equal(new Set(notices.heard.map(({ fileId }) => fileId)).size, made.length);
      assert.deepEqual(await eventsOf(page), { complete: made.length, failed: 0, retry: 0 });
    });
  });

  it('goes on with URLs that live two seconds on a line that needs far longer, and no error is seen', async () => {
    await onStage({ grantTtlSeconds: 2 }, async ({ bucket, proxy, page }) => {
      proxy.faults({ bytesPerSecond: 8 * MiB });
      const file = await files.make('slow.bin', 64 * MiB);
      await page.choose(file.path);
      await page.settled(1, TIMEOUT_MS);
      await holdsExactly(bucket, [file]);
      assert.deepEqual(await eventsOf(page), { complete: 1, failed: 0, retry: 0 });
    });
  });

  it('ends in one object and one event when the answer to the completion is lost', async () => {
    await onStage({}, async ({ bucket, proxy, page, notices }) => {
      let lost = 0;
      proxy.faults({
        losesAnswer: ({ method, url }) => method === 'POST' && url.searchParams.has('uploadId') && lost++ === 0,
      });
      const file = await files.make('lost-answer.bin', 20 * MiB);
      await page.choose(file.path);
      await page.settled(1, TIMEOUT_MS);
      assert.equal(lost, 1, 'once it has made the object, S3 is asked for it instead');
      await holdsExactly(bucket, [file]);
      assert.equal(notices.heard.length, 1);
      const { complete, failed } = await eventsOf(page);
      assert.deepEqual([complete, failed], [1, 0]);
    });
  });

  it('sends a part again whose bit was flipped on the way, because the storage refuses it', async () => {
    await onStage({}, async ({ bucket, proxy, page }) => {
      let flipped = 0;
      proxy.faults({ flipsBit: ({ part }) => part === 2 && flipped++ === 0 });
      const file = await files.make('flipped.bin', 20 * MiB);
      await page.choose(file.path);
      await page.settled(1, TIMEOUT_MS);
      assert.deepEqual(
        proxy.log.filter(({ part, method }) => part === 2 && method === 'PUT').map(({ status }) => status),
        [400, 200],
      );
      await holdsExactly(bucket, [file]);
    });
  });

  it('leaves no multipart upload behind when it is canceled', async () => {
    await onStage({}, async ({ bucket, proxy, page }) => {
      proxy.faults({ bytesPerSecond: 6 * MiB });
      const file = await files.make('canceled.bin', 64 * MiB);
      await page.choose(file.path);
      await page.confirmed(0.1, TIMEOUT_MS);
      assert.equal((await bucket.unfinished()).length, 1);
      await cancelAll(page);
      await eventually(async () => (await bucket.unfinished()).length === 0);
      assert.deepEqual(await bucket.keys(), []);
    });
  });
};

/** The bucket holds these files, each once with its bytes, and nothing else. */
const holdsExactly = async (bucket: Bucket, made: readonly MadeFile[]): Promise<void> => {
  const keys = await bucket.keys();
  const stored = await Promise.all(keys.map(async (key) => `${key.split('/').at(-1)} ${await bucket.digest(key)}`));
  const wanted = made.map(({ name, sha256 }) => `${name.split('/').at(-1)} ${sha256}`);
  assert.deepEqual(stored.sort(), wanted.sort());
};

interface Events {
  readonly complete: number;
  readonly failed: number;
  readonly retry: number;
}

const watchEvents = ({ page }: DemoPage): Promise<void> =>
  page.evaluate(() => {
    const events: Record<string, number> = { complete: 0, failed: 0, retry: 0 };
    Object.assign(window, { uploadEvents: events });
    for (const name of Object.keys(events)) {
      document.querySelector('fastio-upload')?.addEventListener(`upload-${name}`, () => {
        events[name] = (events[name] ?? 0) + 1;
      });
    }
  });

const eventsOf = ({ page }: DemoPage): Promise<Events> =>
  page.evaluate(() => (window as unknown as { uploadEvents: Events }).uploadEvents);

const cancelAll = ({ page }: DemoPage): Promise<void> =>
  page.evaluate(() => {
    (document.querySelector('fastio-upload') as unknown as { cancel(): void }).cancel();
  });
