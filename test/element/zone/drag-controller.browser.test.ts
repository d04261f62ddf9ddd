import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { collectFromDrop } from '../../../src/element/zone/collect-files.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { bind, dragEvent, fileNamed, find, namesOf, settle, textOf } from '../support.js';

const files = [fileNamed('a.txt'), fileNamed('b.txt')];

describe('<fastio-upload> dragging', () => {
  it('shows the effect of a drop', async () => {
    const { element } = await bind();
    find(element, '.zone').dispatchEvent(dragEvent('dragenter', files));
    await element.updateComplete;
    expect(textOf(find(element, '.zone-label'))).to.equal('Drop to add 2 files');
    expect(element.matches(':state(dragging)')).to.equal(true);
  });

  for (const [where, markup] of [
    ['within itself', undefined],
    ['anywhere on the page', html`<fastio-upload multiple page-drop></fastio-upload>`],
  ] as const) {
    it(`does not flicker while crossing its parts, when it accepts drops ${where}`, async () => {
      const { element } = await bind(markup);
      find(element, '.zone').dispatchEvent(dragEvent('dragenter', files));
      find(element, '.choose').dispatchEvent(dragEvent('dragenter', files));
      find(element, '.zone').dispatchEvent(dragEvent('dragleave', files));
      await element.updateComplete;
      expect(element.matches(':state(dragging)')).to.equal(true);
      find(element, '.choose').dispatchEvent(dragEvent('dragleave', files));
      await element.updateComplete;
      expect(element.matches(':state(dragging)')).to.equal(false);
    });
  }

  it('adds dropped files with a change event', async () => {
    const { element } = await bind();
    const changed = oneEvent(element, 'change');
    const drop = dragEvent('drop', files);
    find(element, '.zone').dispatchEvent(drop);
    await changed;
    expect(drop.defaultPrevented).to.equal(true);
    expect(namesOf(element)).to.deep.equal(['a.txt', 'b.txt']);
    expect(element.matches(':state(dragging)')).to.equal(false);
  });

  it('accepts a drop on its own padding', async () => {
    const { element } = await bind(html`<fastio-upload multiple style="padding: 40px"></fastio-upload>`);
    const { left, top } = element.getBoundingClientRect();
    const target = document.elementFromPoint(left + 5, top + 5);
    expect(target).to.equal(element);
    target?.dispatchEvent(dragEvent('dragenter', files));
    await element.updateComplete;
    expect(element.matches(':state(dragging)')).to.equal(true);
    const changed = oneEvent(element, 'change');
    target?.dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(namesOf(element)).to.deep.equal(['a.txt', 'b.txt']);
    expect(element.matches(':state(dragging)')).to.equal(false);
  });

  it('accepts drops anywhere on the page when asked to', async () => {
    const { element } = await bind(html`<fastio-upload multiple page-drop></fastio-upload>`);
    const changed = oneEvent(element, 'change');
    document.body.dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(element.uploads).to.have.length(2);
  });

  it('adds each drop once, also with drops anywhere on the page', async () => {
    const { element } = await bind(html`<fastio-upload multiple page-drop></fastio-upload>`);
    const changed = oneEvent(element, 'change');
    find(element, '.zone').dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(element.uploads).to.have.length(2);
  });

  it('ignores what is dragged out of the page itself, until that drag ends', async () => {
    const { element } = await bind(html`<fastio-upload multiple page-drop></fastio-upload>`);
    const picture = await fixture(html`<img alt="" />`);
    picture.dispatchEvent(dragEvent('dragstart', files));
    document.body.dispatchEvent(dragEvent('dragenter', files));
    await element.updateComplete;
    expect(element.matches(':state(dragging)')).to.equal(false);
    const own = dragEvent('drop', files);
    document.body.dispatchEvent(own);
    expect(own.defaultPrevented).to.equal(false);
    picture.dispatchEvent(dragEvent('dragend', []));
    const changed = oneEvent(element, 'change');
    document.body.dispatchEvent(dragEvent('drop', files));
    await changed;
    expect(element.uploads).to.have.length(2);
  });

  for (const lang of ['en', 'de'])
    it(`moves nothing below the drop area, whatever its words need: ${lang}`, async () => {
      const { element, engine } = await bind(html`<div lang=${lang} style="inline-size: 300px; font: 24px sans-serif">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      engine.show(snapshot(), snapshot());
      await until(
        () => lang === 'en' || textOf(find(element, '.choose')).startsWith('Weitere'),
        'the language is there',
      );
      await settle(element);
      const zone = find(element, '.zone');
      const before = [zone.offsetHeight, find(element, '.scroller').offsetTop];
      zone.dispatchEvent(dragEvent('dragenter', files));
      await element.updateComplete;
      expect(zone.matches('.over')).to.equal(true);
      expect([zone.offsetHeight, find(element, '.scroller').offsetTop]).to.deep.equal(before);
      const label = find(element, '.zone-label').getBoundingClientRect();
      const frame = zone.getBoundingClientRect();
      expect([label.top >= frame.top, label.bottom <= frame.bottom], 'its words have room').to.deep.equal([true, true]);
    });

  it('covers the page to show where a drop goes, also when the zone is scrolled out of sight', async () => {
    const { element } = await bind(
      html`<fastio-upload multiple page-drop style="margin-block-start: 300vh"></fastio-upload>`,
    );
    window.scrollTo(0, 0);
    expect(find(element, '.zone').getBoundingClientRect().top).to.be.above(innerHeight);
    document.body.dispatchEvent(dragEvent('dragenter', files));
    await element.updateComplete;
    const veil = find(element, '.veil');
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = veil;
    const { clientWidth } = document.documentElement;
    expect([offsetLeft, offsetTop, offsetWidth >= clientWidth, offsetHeight]).to.deep.equal([0, 0, true, innerHeight]);
    expect([veil.matches(':popover-open'), textOf(veil)]).to.deep.equal([true, 'Drop to add 2 files']);
    document.body.dispatchEvent(dragEvent('dragleave', files));
    await element.updateComplete;
    expect(element.renderRoot.querySelector('.veil')).to.equal(null);
  });

  /** Drags files over the target and drops them there. Tells of both whether something has taken them. */
  const dropOn = (target: EventTarget): boolean[] =>
    ['dragover', 'drop'].map((name) => {
      const event = dragEvent(name, files);
      target.dispatchEvent(event);
      return event.defaultPrevented;
    });

  /** What dragging files over the target would do, where nothing but the element says so. */
  const effectOver = (target: EventTarget): string | undefined => {
    const over = dragEvent('dragover', files);
    // In an event that a script made it cannot be set.
    Object.defineProperty(over.dataTransfer, 'dropEffect', { value: 'copy', writable: true });
    target.dispatchEvent(over);
    return over.dataTransfer?.dropEffect;
  };

  it('accepts no drop beside it, and keeps the page from leaving for one', async () => {
    const { element } = await bind();
    expect(dropOn(document.body)).to.deep.equal([true, true]);
    expect(dropOn(window)).to.deep.equal([true, true]);
    expect(effectOver(document.body)).to.equal('none');
    expect(element.uploads).to.deep.equal([]);
    element.remove();
    expect(dropOn(document.body)).to.deep.equal([false, false]);
  });

  it('leaves drops beside it to file inputs, editors and listeners of the page', async () => {
    await bind();
    const closed = await fixture(html`<own-picker></own-picker>`);
    closed.attachShadow({ mode: 'closed' });
    const targets = [
      await fixture(html`<input type="file" />`),
      await fixture(html`<p contenteditable="true">Text</p>`),
      closed,
    ];
    for (const target of targets) expect(dropOn(target)).to.deep.equal([false, false]);
    const own = await fixture<HTMLElement>(html`<div></div>`);
    own.addEventListener('dragover', (event) => event.preventDefault());
    expect(effectOver(own)).to.equal('copy');
    const text = dragEvent('drop', []);
    text.dataTransfer?.setData('text/plain', 'words');
    document.body.dispatchEvent(text);
    expect(text.defaultPrevented).to.equal(false);
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

  it('adds nothing of a folder that was still being read when it was disabled', async () => {
    const { element, engine } = await bind();
    const drop = dragEvent('drop', files);
    find(element, '.zone').dispatchEvent(drop);
    element.disabled = true;
    // The same way takes as long: what was dropped before has been read by then.
    await collectFromDrop(dragEvent('drop', files).dataTransfer ?? new DataTransfer());
    await element.updateComplete;
    expect([drop.defaultPrevented, engine.calls.filter(([name]) => name === 'addFiles')]).to.deep.equal([true, []]);
  });
});

describe('<fastio-upload> with paste', () => {
  /** Pastes a picture, with text beside it if there is any. */
  const paste = (target: Element, text = ''): Event => {
    const clipboardData = new DataTransfer();
    if (text !== '') clipboardData.setData('text/plain', text);
    clipboardData.items.add(fileNamed('shot.png'));
    // Firefox empties the clipboard of an event that a script made.
    const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true, composed: true }), {
      clipboardData,
    });
    target.dispatchEvent(event);
    return event;
  };
  const bindPasting = () => bind(html`<fastio-upload multiple paste></fastio-upload>`);

  it('adds pasted files', async () => {
    const bound = await bindPasting();
    expect(paste(document.body).defaultPrevented).to.equal(true);
    expect(namesOf(bound.element)).to.deep.equal(['shot.png']);
  });

  it('leaves text to a field, even when office programs copy a picture beside it', async () => {
    const bound = await bindPasting();
    const fields = [
      await fixture(html`<input />`),
      await fixture(html`<textarea></textarea>`),
      await fixture(html`<p contenteditable="true">Text</p>`),
    ];
    const inShadow = (await fixture(html`<div></div>`)).attachShadow({ mode: 'open' });
    inShadow.append(document.createElement('input'));
    for (const field of [...fields, ...inShadow.children])
      expect(paste(field, 'a\tb').defaultPrevented).to.equal(false);
    expect(namesOf(bound.element)).to.deep.equal([]);
  });

  it('leaves pictures to rich text', async () => {
    const bound = await bindPasting();
    const editor = await fixture(html`<div contenteditable="true"><p>Text</p></div>`);
    for (const target of [editor, ...editor.children]) expect(paste(target).defaultPrevented).to.equal(false);
    expect(namesOf(bound.element)).to.deep.equal([]);
  });

  for (const tag of ['div', 'own-editor']) {
    it(`leaves pastes to what has the focus in a closed shadow root of a <${tag}>`, async () => {
      const bound = await bindPasting();
      const host = document.createElement(tag);
      (await fixture(html`<section></section>`)).append(host);
      const field = document.createElement('textarea');
      host.attachShadow({ mode: 'closed' }).append(field);
      field.focus();
      expect(paste(field, 'a\tb').defaultPrevented).to.equal(false);
      expect(namesOf(bound.element)).to.deep.equal([]);
    });
  }

  it('adds a picture while a button has the focus', async () => {
    const bound = await bindPasting();
    const button = await fixture<HTMLElement>(html`<button>Other</button>`);
    button.focus();
    expect(paste(button).defaultPrevented).to.equal(true);
    expect(namesOf(bound.element)).to.deep.equal(['shot.png']);
  });

  it('adds a picture without text from a field, and a picture with text from elsewhere', async () => {
    const bound = await bindPasting();
    paste(await fixture(html`<input />`));
    paste(document.body, 'a\tb');
    expect(namesOf(bound.element)).to.deep.equal(['shot.png', 'shot.png']);
  });
});
