/** A page without a bundler, under the strictest policy that it can have. */

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Application } from './support/application.js';
import { Site } from './support/site.js';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  'connect-src http:',
  'img-src blob:',
  "require-trusted-types-for 'script'",
  'trusted-types lit-html fastio-upload',
].join('; ');

const RECIPE = fileURLToPath(new URL('../../demo/docs/content/frameworks/plain.md', import.meta.url));

describe('a plain page under a strict content security policy with Trusted Types', () => {
  let application: Application;
  let site: Site | undefined;

  before(async () => {
    application = await Application.install('plain');
  });

  after(() => site?.close());

  it('installs with the defaults of npm, without a warning', () => {
    assert.doesNotMatch(application.installed, /npm (warn|error)/i);
  });

  it('stores a file, and violates nothing', async () => {
    const headers = { 'Content-Security-Policy': POLICY };
    site = await Site.open(application, { files: application.folder, headers });
    const { fileId, said } = await site.upload();
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
  });
});

describe('a plain page with the import map of the documentation', () => {
  let site: Site | undefined;

  after(() => site?.close());

  it('stores a file with the modules as they are published', async () => {
    const application = await Application.install('plain');
    const [scripts = ''] =
      /<script type="importmap">.*?<\/script>\n<script.*?<\/script>/s.exec(await readFile(RECIPE, 'utf8')) ?? [];
    const page = await readFile(join(application.folder, 'index.html'), 'utf8');
    const withMap = page.replace(/<script.*?<\/script>/, scripts.replaceAll('/vendor/', '/node_modules/'));
    await writeFile(join(application.folder, 'import-map.html'), withMap);
    site = await Site.open(application, { files: application.folder });
    const { fileId, said, page: opened } = await site.upload('/import-map.html');
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
    const scriptsLoaded = await opened.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.ok(scriptsLoaded.some((url) => url.endsWith('/node_modules/lit-html/lit-html.js')));
    assert.ok(!scriptsLoaded.some((url) => url.includes('/dist/cdn/')));
  });
});
