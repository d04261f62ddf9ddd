import { expect } from '@open-wc/testing';
import { until } from '../support/until.js';
import { snapshot } from './fake-engine.js';
import { bind, find, textOf } from './support.js';

describe('what is spoken', () => {
  it('is one message for what happens together', async () => {
    const { element, engine } = await bind();
    const region = find(element, '[role=status]');
    const spoken = new Set<string>();
    const observer = new MutationObserver(() => spoken.add(textOf(region)));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    const uploads = Array.from({ length: 200 }, (_, index) => snapshot({ id: `id-${index}` }));
    engine.show(...uploads);
    await until(() => textOf(region) !== '');
    for (const { id } of uploads) engine.change(id, { state: 'done', fileId: id });
    await element.updateComplete;
    observer.disconnect();
    expect([...spoken]).to.deep.equal(['200 files added.']);
  });

  it('is right at the end', async () => {
    const { element, engine } = await bind();
    const stored = snapshot({ state: 'done' });
    engine.uploads = [stored, snapshot({ state: 'failed' })];
    engine.emit('upload-complete', { upload: stored, fileId: 'x', result: null });
    engine.emit('queue-complete', { completed: [stored], failed: [], canceled: [] });
    await until(() => textOf(find(element, '[role=status]')) === '1 file stored. 1 file failed.');
  });
});
