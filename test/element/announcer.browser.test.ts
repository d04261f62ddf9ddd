import { expect } from '@open-wc/testing';
import { until } from '../support/until.js';
import { snapshot } from './fake-engine.js';
import { bind, find, findAll, textOf } from './support.js';

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

  it('is at once what stops all uploads until somebody acts, and once for all of them', async () => {
    const { element, engine } = await bind();
    const region = find(element, '.spoken[role=alert]');
    const spoken: string[] = [];
    const observer = new MutationObserver(() => spoken.push(textOf(region)));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    engine.show(...['a', 'b', 'c'].map((id) => snapshot({ id, state: 'uploading' })));
    await until(() => textOf(find(element, '[role=status]')) === '3 files added.');
    for (const id of ['a', 'b', 'c']) {
      engine.change(id, { state: 'paused', reason: 'needs-sign-in' });
      await element.updateComplete;
    }
    expect(textOf(find(element, '[role=status]'))).to.equal('3 files added.');
    for (const id of ['a', 'b', 'c']) engine.change(id, { state: 'uploading', reason: null });
    await element.updateComplete;
    for (const id of ['a', 'b', 'c']) {
      const error = { code: 'payment-required', message: '', retriable: false } as const;
      engine.change(id, { state: 'failed', error });
      await element.updateComplete;
    }
    observer.disconnect();
    expect(spoken).to.deep.equal([
      'You are signed out. Sign in, then continue.',
      '',
      'The storage plan is used up. Tell the people who run this site, then try again.',
    ]);
  });

  it('does not interrupt for a file that failed by itself', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ state: 'failed', error: { code: 'too-large', message: '', retriable: false } }));
    await element.updateComplete;
    expect(findAll(element, '[role=alert]').map(textOf)).to.deep.equal(['', '']);
  });
});
