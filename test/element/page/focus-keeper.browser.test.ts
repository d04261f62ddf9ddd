import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { snapshot } from '../fake-engine.js';
import { bind, find } from '../support.js';

describe('FocusKeeper', () => {
  it('moves the focus to the next file when a file is removed', async () => {
    const { element, engine } = await bind();
    engine.show(...['one', 'two', 'three'].map((id) => snapshot({ id, state: 'done' })));
    await element.updateComplete;
    find(element, '[data-id=two] [data-action=remove]').focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement?.closest('li')?.dataset.id).to.equal('three');
  });

  it('moves the focus to the choose button when the last file is removed', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ state: 'done' }));
    await element.updateComplete;
    find(element, 'li [data-action=remove]').focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.choose'));
  });

  it('keeps the focus in the row when its button disappears', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    await element.updateComplete;
    find(element, '[data-action=pause]').focus();
    engine.change('one', { state: 'finishing' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement === find(element, '[data-id=one]')).to.equal(true);
  });
});
