/** Astro, with the tag in a static page. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { Site } from './support/site.js';

describe('an application in Astro', () => {
  let application: Application;
  let site: Site | undefined;

  before(async () => {
    application = await Application.install('astro');
  });

  after(() => site?.close());

  it('compiles, and finds what is wrong', async () => {
    await application.run('check');
  });

  it('builds and stores a file', async () => {
    await application.run('build');
    site = await Site.open(application, { files: join(application.folder, 'dist') });
    const { fileId, said } = await site.upload();
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
  });
});
