/** A page without a bundler, under the strictest policy that it can have. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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
