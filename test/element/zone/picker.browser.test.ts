import { expect, html, oneEvent } from '@open-wc/testing';
import { snapshot } from '../fake-engine.js';
import { bind, fileNamed, find, namesOf, openingsOf, pick, textOf } from '../support.js';

describe('<fastio-upload> choosing', () => {
  it('accepts all chosen files with multiple', async () => {
    const { element } = await bind();
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    expect(namesOf(element)).to.deep.equal(['a.txt', 'b.txt']);
  });

  it('accepts all chosen files without a name, even without multiple', async () => {
    const { element } = await bind(html`<fastio-upload></fastio-upload>`);
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    pick(element, [fileNamed('c.txt')]);
    expect(namesOf(element)).to.deep.equal(['a.txt', 'b.txt', 'c.txt']);
  });

  it('accepts one file as a form field without multiple, and replaces it by the next one', async () => {
    const { element } = await bind(html`<fastio-upload name="portrait"></fastio-upload>`);
    const refused: string[] = [];
    element.addEventListener('upload-rejected', ({ detail }) => refused.push(`${detail.file.name} ${detail.code}`));
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    expect(namesOf(element)).to.deep.equal(['a.txt']);
    expect(refused).to.deep.equal(['b.txt rejected-count']);
    pick(element, [fileNamed('c.txt')]);
    expect(namesOf(element)).to.deep.equal(['c.txt']);
  });

  it('can choose the same file again', async () => {
    const { element } = await bind();
    pick(element, [fileNamed('a.txt')]);
    expect(find<HTMLInputElement>(element, '.files-input').value).to.equal('');
  });

  it('opens the picker with the button, with click() and with showPicker()', async () => {
    const { element } = await bind();
    const openings = openingsOf(element);
    find(element, '.choose').click();
    element.click();
    element.showPicker();
    expect(openings.count).to.equal(3);
  });

  it('attaches a file to its upload again', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', name: 'raw.mp4', state: 'paused', reason: 'needs-file', confirmedBytes: 900e6 }));
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.equal('50% uploaded. Select this file again to finish.');
    openingsOf(element, '.again-input');
    find(element, '[data-action=choose]').click();
    const changed = oneEvent(element, 'change');
    pick(element, [fileNamed('raw.mp4')], '.again-input');
    await changed;
    expect(engine.calls.at(-1)?.slice(0, 2)).to.deep.equal(['reattach', 'one']);
  });

  it('attaches a file to the one failed upload of a list without rows', async () => {
    const { element, engine } = await bind();
    element.list = 'summary';
    const error = { code: 'source-changed', message: '', retriable: false } as const;
    engine.show(snapshot({ id: 'one', name: 'raw.mp4', state: 'failed', error }), snapshot({ id: 'two' }));
    await element.updateComplete;
    openingsOf(element, '.again-input');
    find(element, '[data-action=choose-failed]').click();
    const changed = oneEvent(element, 'change');
    pick(element, [fileNamed('raw.mp4')], '.again-input');
    await changed;
    expect(engine.calls.at(-1)?.slice(0, 2)).to.deep.equal(['reattach', 'one']);
  });

  it('reports another file', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', name: 'raw.mp4', state: 'paused', reason: 'needs-file' }));
    await element.updateComplete;
    openingsOf(element, '.again-input');
    find(element, '[data-action=choose]').click();
    pick(element, [fileNamed('other.mp4')], '.again-input');
    await Promise.resolve();
    await element.updateComplete;
    expect(textOf(find(element, '[role=alert]'))).to.contain('That isn\'t "raw.mp4".');
  });
});
