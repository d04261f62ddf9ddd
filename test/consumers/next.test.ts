/** Next in development and built: a server component, and a raw tag that a server rendered. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application, type Server } from './support/application.js';
import { Site } from './support/site.js';

describe('an application in Next', () => {
  let application: Application;
  const closing: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];

  const open = async (server: Server): Promise<Site> => {
    const site = await Site.open(application, { port: server.port });
    closing.unshift(site, server);
    return site;
  };

  before(async () => {
    application = await Application.install('next');
  });

  after(async () => {
    for (const open of closing) await (open.close?.() ?? open.stop?.());
  });

  it('installs with the defaults of npm, without a warning', () => {
    assert.doesNotMatch(application.installed, /npm (warn|error)/i);
  });

  it('builds, compiles, and finds what is wrong', async () => {
    await application.run('build');
    await application.run('check');
  });

  it('renders settings on the server, and stores a file from a server component', async () => {
    const site = await open(await application.start(['node_modules/.bin/next', 'start', '-p', 'PORT']));
    const html = await (await fetch(site.url)).text();
    assert.match(html, /<fastio-upload [^>]*max-files="3"/);
    const { fileId, said } = await site.upload();
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
  });

  it('keeps the limit of a raw tag that it hydrates', async () => {
    const site = await open(await application.start(['node_modules/.bin/next', 'start', '-p', 'PORT']));
    const { said, page } = await site.upload('/raw');
    const limit = await page.$eval('fastio-upload', (element) =>
      Number((element as unknown as { maxFiles: number }).maxFiles),
    );
    assert.deepEqual({ limit, said }, { limit: 5, said: [] });
  });

  it('does the same in development', async () => {
    const server = await application.start(['node_modules/.bin/next', 'dev', '-p', 'PORT']);
    const site = await open(server);
    for (const path of ['/', '/raw']) {
      const { fileId, said } = await site.upload(path);
      assert.notEqual(fileId, '');
      assert.deepEqual(said, []);
    }
    assert.doesNotMatch(server.output, /error|^Lit is in dev mode/im);
  });
});
