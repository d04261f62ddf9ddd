import { expect, html, oneEvent } from '@open-wc/testing';
import { bind, dragEvent, fileNamed, find, textOf } from './support.js';

const files = [fileNamed('a.txt'), fileNamed('b.txt')];

describe('<fastio-upload> dragging', () => {
  it('says what a drop would do', async () => {
    const { element } = await bind();
    find(element, '.zone').dispatchEvent(dragEvent('dragenter', files));
    await element.updateComplete;
    expect(textOf(find(element, '.zone-label'))).to.equal('Drop to add 2 files');
    expect(element.matches(':state(dragging)')).to.equal(true);
  });

  it('does not flicker while the pointer moves over what is inside', async () => {
    const { element } = await bind();
    find(element, '.zone').dispatchEvent(dragEvent('dragenter', files));
    find(element, '.choose').dispatchEvent(dragEvent('dragenter', files));
    find(element, '.zone').dispatchEvent(dragEvent('dragleave', files));
    await element.updateComplete;
    expect(element.matches(':state(dragging)')).to.equal(true);
    find(element, '.choose').dispatchEvent(dragEvent('dragleave', files));
    await element.updateComplete;
    expect(element.matches(':state(dragging)')).to.equal(false);
  });

  it('takes dropped files and tells change', async () => {
    const { element } = await bind();
    const changed = oneEvent(element, 'change');
    const drop = dragEvent('drop', files);
    find(element, '.zone').dispatchEvent(drop);
    await changed;
    expect(drop.defaultPrevented).to.equal(true);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['a.txt', 'b.txt']);
    expect(element.matches(':state(dragging)')).to.equal(false);
  });

  it('takes drops anywhere on the page when asked to', async () => {
    const { element } = await bind(html`<fastio-upload multiple page-drop></fastio-upload>`);
    const changed = oneEvent(element, 'change');
    document.body.dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(element.uploads).to.have.length(2);
  });

  it('takes each drop once, also with drops anywhere on the page', async () => {
    const { element } = await bind(html`<fastio-upload multiple page-drop></fastio-upload>`);
    const changed = oneEvent(element, 'change');
    find(element, '.zone').dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(element.uploads).to.have.length(2);
  });

  it('leaves drops elsewhere alone when not asked', async () => {
    await bind();
    const drop = dragEvent('drop', files);
    document.body.dispatchEvent(drop);
    expect(drop.defaultPrevented).to.equal(false);
  });

  it('refuses drops while disabled, and keeps the page from leaving', async () => {
    const { element } = await bind(html`<fastio-upload multiple disabled></fastio-upload>`);
    const over = dragEvent('dragover', files);
    find(element, '.zone').dispatchEvent(over);
    const drop = dragEvent('drop', files);
    find(element, '.zone').dispatchEvent(drop);
    await element.updateComplete;
    expect([over.defaultPrevented, drop.defaultPrevented]).to.deep.equal([true, true]);
    expect(element.matches(':state(dragging)')).to.equal(false);
    expect(element.uploads).to.deep.equal([]);
  });

  it('takes pasted files when asked to', async () => {
    const { element } = await bind(html`<fastio-upload multiple paste></fastio-upload>`);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(fileNamed('shot.png'));
    // Firefox empties the clipboard of an event that a script made.
    const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData });
    document.body.dispatchEvent(event);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['shot.png']);
  });
});
