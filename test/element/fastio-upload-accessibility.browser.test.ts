import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { FastioUpload, StoredEntry, UploadSnapshot } from '../../src/index.js';
import { until } from '../support/until.js';
import { findings } from './axe.js';
import { errorOf, snapshot } from './fake-engine.js';
import { bind, fileNamed, find, findAll, textOf } from './support.js';

const everyState = (): UploadSnapshot[] => [
  snapshot({ state: 'queued' }),
  snapshot({ state: 'preparing' }),
  snapshot({ state: 'uploading', sentBytes: 700e6, confirmedBytes: 600e6, bytesPerSecond: 18e6, remainingMs: 60_000 }),
  snapshot({ state: 'finishing' }),
  snapshot({ state: 'done' }),
  snapshot({ state: 'paused', reason: 'user' }),
  snapshot({ state: 'paused', reason: 'needs-file', confirmedBytes: 900e6 }),
  snapshot({ state: 'waiting', reason: 'offline' }),
  snapshot({ state: 'waiting', reason: 'backoff', resumesAt: Date.now() + 60_000 }),
  snapshot({ state: 'failed', error: errorOf('network') }),
  snapshot({ state: 'failed', error: errorOf('source-changed') }),
  snapshot({ state: 'canceled' }),
];

describe('<fastio-upload> accessibility', () => {
  it('is accessible while empty', async () => {
    const { element } = await bind();
    await expect(element).to.be.accessible();
    expect(await findings(element)).to.deep.equal([]);
  });

  it('is accessible with a file in every state', async () => {
    const { element, engine } = await bind();
    engine.show(...everyState());
    await element.updateComplete;
    await expect(element).to.be.accessible();
    expect(await findings(element)).to.deep.equal([]);
  });

  it('is accessible in a dark page from right to left', async () => {
    const page = html`<div dir="rtl" style="color-scheme: dark; background: #15171b; color: #e8eaee">
      <fastio-upload multiple directory></fastio-upload>
    </div>`;
    const { element, engine } = await bind(page);
    engine.show(...everyState());
    await element.updateComplete;
    expect(await findings(element)).to.deep.equal([]);
  });

  it('is accessible while disabled', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple disabled></fastio-upload>`);
    engine.show(...everyState());
    await element.updateComplete;
    expect(await findings(element)).to.deep.equal([]);
  });

  it('is accessible with a message about refused files', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple accept=".pdf"></fastio-upload>`);
    engine.refuse(fileNamed('a.exe'));
    await element.updateComplete;
    expect(await findings(element)).to.deep.equal([]);
    expect(textOf(find(element, '[role=alert]'))).to.equal('\u200ea.exe skipped: only PDF.');
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`is accessible as tiles in every state (${scheme})`, async () => {
      const colours = scheme === 'dark' ? 'background: #15171b; color: #e8eaee' : '';
      const { element, engine } = await bind(html`<div style="color-scheme: ${scheme}; ${colours}">
        <fastio-upload multiple view="grid"></fastio-upload>
      </div>`);
      engine.show(...everyState());
      await until(() => findAll(element, '.tile').length === everyState().length, 'the tiles are there');
      expect(await findings(element)).to.deep.equal([]);
    });
  }

  for (const view of ['list', 'grid'] as const) {
    it(`is accessible with stored files that are links and pictures (${view})`, async () => {
      const picture = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
      const stored: StoredEntry[] = [
        { fileId: 'a', name: 'plan.pdf', url: '/plan' },
        { fileId: 'b', name: 'dawn.jpg', type: 'image/jpeg', url: '/dawn', thumbnailUrl: picture },
      ];
      const element = await fixture<FastioUpload>(
        html`<fastio-upload name="files" multiple no-resume view=${view} .stored=${stored}></fastio-upload>`,
      );
      await until(() => findAll(element, view === 'grid' ? '.tile a' : 'li a').length === 2, 'the links are there');
      expect(await findings(element)).to.deep.equal([]);
    });
  }

  it('is accessible with an offer to undo', async () => {
    const { element, engine } = await bind();
    engine.show(...everyState());
    await element.updateComplete;
    find(element, '[data-action=remove]').click();
    await element.updateComplete;
    expect(findAll(element, '.undo')).to.have.length(1);
    expect(await findings(element)).to.deep.equal([]);
  });

  it('is accessible while it shows why its form was not submitted', async () => {
    const { element } = await bind(html`<form>
      <label for="upload">Pictures</label><fastio-upload id="upload" name="files" required></fastio-upload>
      <button>Send</button>
    </form>`);
    element.form?.querySelector('button')?.click();
    await element.updateComplete;
    expect(findAll(element, '[part=error]').map(textOf)).to.deep.equal(['Add a file.']);
    expect(await findings(element)).to.deep.equal([]);
  });

  it('has no button with a description that repeats its name', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple accept=".pdf"></fastio-upload>`);
    engine.show(...everyState());
    engine.refuse(fileNamed('a.exe'));
    await element.updateComplete;
    for (const button of findAll(element, 'button')) {
      const { title, ariaLabel, textContent } = button as HTMLButtonElement;
      expect(title, ariaLabel ?? textContent ?? '').to.equal('');
    }
  });

  it('names every button of a row with its file', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ name: 'raw.mp4', state: 'uploading' }), snapshot({ name: 'a.zip', state: 'failed' }));
    await element.updateComplete;
    const names = findAll(element, 'li button').map((button) => button.getAttribute('aria-label'));
    expect(names).to.deep.equal(['Pause raw.mp4', 'Cancel raw.mp4', 'Try again: a.zip', 'Remove a.zip']);
  });

  it('pauses and removes with the keyboard alone', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    await element.updateComplete;
    find(element, '[data-action=pause]').focus();
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: ' ' });
    expect(engine.calls.filter(([name]) => name !== 'configure')).to.deep.equal([
      ['pause', 'one'],
      ['cancel', 'one'],
    ]);
  });
});
