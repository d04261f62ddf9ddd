import { expect, fixture, html } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import { until } from '../../support/until.js';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { snapshot } from '../fake-engine.js';
import { bind, fileNamed, namesOf, nextTask, pick } from '../support.js';

const changesOf = (element: FastioUpload): Event[] => {
  const changes: Event[] = [];
  element.addEventListener('change', (event) => changes.push(event));
  return changes;
};

describe('a thousand files chosen together', () => {
  it('are added in several tasks, in order, with one change event', async () => {
    const element = document.createElement('fastio-upload');
    element.noAuto = true;
    element.noResume = true;
    document.body.append(element);
    await element.updateComplete;
    const changes = changesOf(element);
    const names = Array.from({ length: 1000 }, (_, index) => `file-${index}.txt`);

    pick(
      element,
      names.map((name) => fileNamed(name)),
    );

    expect(element.uploads.length).to.be.within(1, 999);
    await until(() => element.uploads.length === 1000, 'all are there');
    await until(() => changes.length > 0, 'the page was told');
    expect(changes).to.have.length(1);
    expect(namesOf(element)).to.deep.equal(names);
    element.remove();
  });

  it('cause no change event when all were refused, whatever other uploads do meanwhile', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    let refused = 0;
    engine.addFiles = (files, onAll) => {
      refused += [...files].length;
      engine.change('one', { sentBytes: engine.calls.push(['addFiles']) });
      onAll?.(0);
      return [];
    };
    const changes = changesOf(element);

    pick(
      element,
      Array.from({ length: 1000 }, (_, index) => fileNamed(`file-${index}.txt`)),
    );

    await until(() => refused === 1000, 'all were refused');
    await nextTask();
    expect(changes).to.deep.equal([]);
  });
});

describe('a field for one file', () => {
  const limits: [name: string, markup: TemplateResult][] = [
    ['max-files', html`<fastio-upload name="portrait" no-auto no-resume max-files="1"></fastio-upload>`],
    ['max-total-size', html`<fastio-upload name="portrait" no-auto no-resume max-total-size="3"></fastio-upload>`],
  ];
  for (const [name, markup] of limits) {
    it(`replaces it by another within ${name}`, async () => {
      const element = await fixture<FastioUpload>(markup);
      const changes = changesOf(element);
      pick(element, [fileNamed('a.txt', 3)]);
      pick(element, [fileNamed('b.txt', 3)]);
      expect(namesOf(element)).to.deep.equal(['b.txt']);
      pick(element, [fileNamed('c.txt', 3), fileNamed('d.txt', 3)]);
      expect(namesOf(element)).to.deep.equal(['c.txt']);
      expect(changes).to.have.length(3);
    });
  }

  it('keeps its file, without a change event, when another is refused', async () => {
    const element = await fixture<FastioUpload>(
      html`<fastio-upload name="a" no-auto max-file-size="3"></fastio-upload>`,
    );
    pick(element, [fileNamed('a.txt', 3)]);
    const changes = changesOf(element);
    pick(element, [fileNamed('b.txt', 4)]);
    expect([namesOf(element), changes]).to.deep.equal([['a.txt'], []]);
  });
});
