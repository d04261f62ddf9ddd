/** React 18 and 19 in StrictMode. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { testEditPage } from './support/edit-page.js';
import { press, until } from './support/press.js';
import { Site } from './support/site.js';

for (const name of ['react-18', 'react-19']) {
  describe(`an application in ${name}`, () => {
    let application: Application;
    let site: Site | undefined;

    before(async () => {
      application = await Application.install(name);
    });

    after(() => site?.close());

    it('installs with the defaults of npm, without a warning', () => {
      assert.doesNotMatch(application.installed, /npm (warn|error)/i);
    });

    it('compiles, and finds what is wrong', async () => {
      await application.run('check');
    });

    it('builds, stores a file, and shows what an engine of its own does', async () => {
      await application.run('build');
      site = await Site.open(application, { files: join(application.folder, 'dist') });
      const { fileId, said, page } = await site.upload();
      assert.notEqual(fileId, '');
      assert.equal(await page.$eval('#heard', ({ textContent }) => textContent), '1');
      await press(page, '#add');
      await until(page, said, () => document.querySelector('#headless')?.textContent === 'headless.txt done');
      assert.deepEqual(said, []);
    });

    testEditPage(() => site);
  });
}
