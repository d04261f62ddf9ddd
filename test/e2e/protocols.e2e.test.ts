import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import type { DemoProtocol } from './support/demo-page.js';
import type { MadeFile } from './support/made-files.js';
import { assertSameFiles } from './support/same-files.js';
import { openStage } from './support/stage.js';

const PROTOCOLS: readonly DemoProtocol[] = ['auto', 'presigned', 'chunked', 'fastio'];

/** Names that break URLs, headers, markup and file systems of careless code. */
const ODD_NAMES = [
  'smile 😀👩‍👩‍👧 party.bin',
  'what?#100%25&a=b+c.bin',
  `quotes "double" 'single' \`back\`.bin`,
  '\u05E9\u05DC\u05D5\u05DD \u200F(1)\u200E.bin',
  '<img src=x onerror=alert(1)>.bin',
  'émigré, naïve; Ünïcode.bin',
  `${'n'.repeat(196)}.bin`,
];

const { demo, browser, files, close } = await openStage();
after(close);
beforeEach(() => demo.clear());

for (const protocol of PROTOCOLS) {
  describe(`through ${protocol}`, () => {
    const upload = async (made: readonly MadeFile[]) => {
      const page = await browser.open(demo.url, protocol);
      try {
        await page.choose(...made.map(({ path }) => path));
        const uploads = await page.settled(made.length);
        assert.deepEqual(await page.errors(), []);
        return uploads;
      } finally {
        await page.close();
      }
    };

    it('stores a small file byte for byte and says so', async () => {
      const made = await files.make(`${protocol}/small.txt`, 1234);
      const [upload1] = await upload([made]);
      assert.equal(upload1?.state, 'done');
      assert.equal(upload1?.ratio, 1);
      const stored = await demo.files();
      assertSameFiles(stored, [made]);
      assert.equal(upload1?.fileId, stored[0]?.fileId);
      assert.equal(stored[0]?.contentType, 'text/plain');
    });

    it('stores a file of several parts', async () => {
      const made = await files.make(`${protocol}/big.bin`, 40 * 2 ** 20 + 17);
      await upload([made]);
      assertSameFiles(await demo.files(), [made]);
    });

    it('leaves no record behind, and nothing to finish for the next visit', async () => {
      const [made, other] = [
        await files.make(`${protocol}/left.bin`, 5000),
        await files.make(`${protocol}/other.bin`, 10),
      ];
      const first = await browser.open(demo.url, protocol);
      await first.choose(made.path);
      await first.settled(1);
      // A tab that dies between the event and this leaves its record, so that the next visit tells of the file again.
      await first.unrecorded();
      const second = await first.reopen();
      await second.choose(other.path);
      const names = (await second.settled(1)).map(({ name }) => name);
      assert.deepEqual(names, ['other.bin']);
      await second.close();
    });

    it('stores an empty file', async () => {
      const made = await files.make(`${protocol}/empty.bin`, 0);
      await upload([made]);
      assertSameFiles(await demo.files(), [made]);
    });

    it('keeps odd names as they are', async () => {
      const made = await Promise.all(ODD_NAMES.map((name, index) => files.make(`${protocol}/${name}`, 1000 + index)));
      await upload(made);
      assertSameFiles(await demo.files(), made);
    });
  });
}
