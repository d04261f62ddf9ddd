import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { fileNamed, namesOf } from '../support.js';

describe('a page that is shown again after another user has signed in in another tab', () => {
  const { fetch } = window;

  afterEach(() => Object.assign(window, { fetch }));

  it('asks the backend for the user, and shows nothing of the previous one', async () => {
    let user = 'ada';
    let asked = 0;
    Object.assign(window, {
      fetch: async () => {
        asked += 1;
        return Response.json({ version: 1, protocols: ['presigned'], urls: {}, chunkedAbove: 0, user });
      },
    });
    const element = await fixture<FastioUpload>(
      html`<fastio-upload endpoint="/signed-in" no-resume no-auto></fastio-upload>`,
    );
    await element.engine.discover();
    element.addFiles([fileNamed('adas.txt')]);
    const before = asked;

    user = 'bob';
    document.dispatchEvent(new Event('visibilitychange'));
    element.addFiles([fileNamed('bobs.txt')]);

    await until(() => namesOf(element).join() === 'bobs.txt', 'only what bob added is shown');
    expect(asked).to.equal(before + 1);
  });
});
