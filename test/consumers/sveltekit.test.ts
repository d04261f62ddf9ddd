/** SvelteKit, rendered on a server. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application, type Server } from './support/application.js';
import { Site } from './support/site.js';

describe('an application in SvelteKit', () => {
  let application: Application;
  let server: Server | undefined;
  let site: Site | undefined;

  before(async () => {
    application = await Application.install('sveltekit');
  });

  after(async () => {
    await site?.close();
    await server?.stop();
  });

  it('installs with the defaults of npm, without a warning', () => {
    assert.doesNotMatch(application.installed, /npm (warn|error)/i);
  });

  it('compiles, and finds what is wrong', async () => {
    await application.run('check');
  });

  it('renders on the server without printing a function, and stores a file with its limit kept', async () => {
    await application.run('build');
    server = await application.start(['node', 'build']);
    site = await Site.open(application, { port: server.port });
    const html = await (await fetch(site.url)).text();
    assert.match(html, /<fastio-upload[^>]*endpoint="\/api\/uploads"/);
    assert.doesNotMatch(html, /X-Tenant/);
    const { fileId, said, page } = await site.upload();
    const settings = await page.$eval('fastio-upload', (element) => {
      const { maxFiles, headers } = element as unknown as { maxFiles: number; headers: unknown };
      return { limit: Number(maxFiles), headers: typeof headers };
    });
    assert.notEqual(fileId, '');
    assert.deepEqual({ ...settings, said }, { limit: 3, headers: 'function', said: [] });
  });
});
