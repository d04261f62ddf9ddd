/** Unit tests of an application, in the environments that Vitest offers. */

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Application } from './support/application.js';

describe('tests of an application in Vitest', () => {
  let application: Application;

  before(async () => {
    application = await Application.install('vitest');
  });

  it('import every entry silently and render the tag, in node, jsdom and happy-dom', async () => {
    const said = await application.run('build');
    assert.match(said, /Tests +5 passed \| 1 skipped/);
    assert.doesNotMatch(said, /stderr|unhandled/i);
  });
});
