/** Angular, with the tag under the schema of custom elements. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Application } from './support/application.js';
import { Site } from './support/site.js';

describe('an application in Angular', () => {
  let application: Application;
  let site: Site | undefined;

  before(async () => {
    application = await Application.install('angular');
  });

  after(() => site?.close());

  it('compiles, and finds what is wrong in scripts', async () => {
    await application.run('build');
  });

  it('stores a file', async () => {
    site = await Site.open(application, { files: join(application.folder, 'dist') });
    const { fileId, said } = await site.upload();
    assert.notEqual(fileId, '');
    assert.deepEqual(said, []);
  });
});
