/** Nuxt, built and in development: what a server rendered, then hydrated, with the plugin of the documentation. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Application, type Server } from './support/application.js';
import { Site } from './support/site.js';

describe('an application in Nuxt', () => {
  let application: Application;
  const closing: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];

  const open = async (server: Server): Promise<Site> => {
    const site = await Site.open(application, { port: server.port });
    closing.unshift(site, server);
    return site;
  };

  before(async () => {
    application = await Application.install('nuxt');
  });

  after(async () => {
    for (const open of closing) await (open.close?.() ?? open.stop?.());
  });

  it('builds, compiles, and finds what is wrong', async () => {
    await application.run('build');
    await application.run('check');
  });

  it('renders settings on the server, binds the ids of stored files, and hears events', async () => {
    const server = await application.start([process.execPath, '.output/server/index.mjs']);
    const site = await open(server);
    const html = await (await fetch(site.url)).text();
    assert.match(html, /<fastio-upload [^>]*max-files="3"/);
    const { fileId, said, page } = await site.upload();
    assert.notEqual(fileId, '');
    assert.equal(await page.$eval('#heard', ({ textContent }) => textContent), '1');
    assert.deepEqual(said, []);
    assert.doesNotMatch(server.output, /error|warn/i);
  });

  it('does the same in development', async () => {
    const server = await application.start(['node_modules/.bin/nuxt', 'dev', '--port', 'PORT', '--no-fork']);
    const site = await open(server);
    const { fileId, said } = await site.upload();
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
    assert.doesNotMatch(server.output, /error|failed to resolve/i);
  });
});
