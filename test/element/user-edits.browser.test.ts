import { expect } from '@open-wc/testing';
import { until } from '../support/until.js';
import '../../src/define.js';
import { fileNamed, pick } from './support.js';

describe('a thousand files that are chosen at once', () => {
  it('come on the list in several tasks, in order, and are told of once', async () => {
    const element = document.createElement('fastio-upload');
    element.noAuto = true;
    element.noResume = true;
    document.body.append(element);
    await element.updateComplete;
    let changes = 0;
    element.addEventListener('change', () => {
      changes += 1;
    });
    const names = Array.from({ length: 1000 }, (_, index) => `file-${index}.txt`);

    pick(
      element,
      names.map((name) => fileNamed(name)),
    );

    expect(element.uploads.length).to.be.within(1, 999);
    await until(() => element.uploads.length === 1000, 'all are there');
    await until(() => changes > 0, 'the page was told');
    expect(changes).to.equal(1);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(names);
    element.remove();
  });
});
