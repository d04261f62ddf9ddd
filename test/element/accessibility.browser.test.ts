import { expect, html } from '@open-wc/testing';
import { executeServerCommand, sendKeys } from '@web/test-runner-commands';
import type { FastioUpload, UploadSnapshot } from '../../src/index.js';
import { applyForcedColorRules, forcedPageStyle, knowsForcedColors, systemColor } from '../support/forced-colors.js';
import { axe, findings } from './axe.js';
import { errorOf, snapshot } from './fake-engine.js';
import { type Bound, bind, dragEvent, fileNamed, find, findAll, openingsOf, settle, textOf } from './support.js';

const error = errorOf('network');

const mixed = (): UploadSnapshot[] => [
  snapshot({ state: 'queued' }),
  snapshot({ state: 'queued' }),
  snapshot({ state: 'uploading', sentBytes: 700e6, confirmedBytes: 600e6, bytesPerSecond: 18e6, remainingMs: 60_000 }),
  snapshot({ state: 'finishing' }),
  snapshot({ state: 'done', type: 'image/png' }),
  snapshot({ state: 'paused', reason: 'user' }),
  snapshot({ state: 'waiting', reason: 'offline' }),
  snapshot({ state: 'failed', error }),
];

const STATES: Readonly<Record<string, (bound: Bound) => void>> = {
  empty: () => {},
  dragging: ({ element }) => find(element, '.zone').dispatchEvent(dragEvent('dragenter', [fileNamed('a.txt')])),
  'a mixed list': ({ engine }) => engine.show(...mixed()),
  'a long list with its filter': ({ engine }) =>
    engine.show(...mixed(), ...Array.from({ length: 20 }, () => snapshot({ state: 'done' }))),
  errors: ({ element, engine }) => {
    engine.show(snapshot({ state: 'failed', error }), snapshot({ state: 'failed', error }));
    engine.refuse(fileNamed('a.exe'));
    element.requestUpdate();
  },
  done: ({ engine }) => engine.show(snapshot({ state: 'done' }), snapshot({ state: 'done' })),
  disabled: ({ element, engine }) => {
    element.disabled = true;
    engine.show(...mixed());
  },
  'a missing file': ({ engine }) =>
    engine.show(snapshot({ state: 'paused', reason: 'needs-file', confirmedBytes: 9e8 })),
};

const PAGES = {
  'a light page': html`<div style="color-scheme: light; background: #fff; color: #1c2026"><fastio-upload multiple directory></fastio-upload></div>`,
  'a dark page': html`<div style="color-scheme: dark; background: #15171b; color: #e8eaee"><fastio-upload multiple directory></fastio-upload></div>`,
  'a page from right to left': html`<div dir="rtl" lang="ar"><fastio-upload multiple directory></fastio-upload></div>`,
} as const;

const hasNoFindings = (page: keyof typeof PAGES, name: string) =>
  it(`has no findings in ${page}: ${name}`, async function () {
    this.timeout(40_000);
    const bound = await bind(PAGES[page]);
    STATES[name]?.(bound);
    await settle(bound.element);
    expect(await findings(bound.element)).to.deep.equal([]);
  });

describe('axe', () => {
  for (const page of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
    for (const name of Object.keys(STATES)) hasNoFindings(page, name);
  }
});

describe('the button that chooses files', () => {
  it('is named by its own text, even when the page and a label name it', async () => {
    const { element } = await bind(html`<form>
      <label for="pictures">Your pictures</label>
      <fastio-upload id="pictures" name="pictures" multiple><span slot="button">Add photos</span></fastio-upload>
    </form>`);
    const { violations } = await axe.run(element, { runOnly: ['label-content-name-mismatch'] });
    expect(violations).to.deep.equal([]);
    expect(textOf(find(element, '.choose'))).to.contain(': Your pictures');
  });
});

type Scheme = 'light' | 'dark';

/**
 * Forces the colours of the page by the browser's own mode, or where it has none by the element's own rules for that mode.
 * Gives back the way back.
 */
const forceColors = async (scheme: Scheme): Promise<() => unknown> => {
  const isForced = await executeServerCommand<boolean, string>('force-colors', scheme);
  expect(isForced).to.equal(knowsForcedColors());
  if (isForced) return () => executeServerCommand('force-colors', 'none');
  const { element } = await bind();
  return applyForcedColorRules(element.shadowRoot as ShadowRoot);
};

const forcedPage = (scheme: Scheme) =>
  html`<div style=${forcedPageStyle(scheme)}><fastio-upload multiple directory></fastio-upload></div>`;

/** What only the rules for forced colours give: the main button in the colours of the system, a frame to every other one and to each bar. */
const obeysForcedColors = (element: FastioUpload): void => {
  const probe = document.createElement('i');
  element.before(probe);
  probe.style.color = systemColor(element.disabled ? 'ButtonFace' : 'ButtonText');
  for (const button of findAll(element, 'button.primary')) {
    expect(getComputedStyle(button).backgroundColor).to.equal(getComputedStyle(probe).color);
  }
  probe.remove();
  for (const button of findAll(element, 'button:not(.primary)')) {
    expect(getComputedStyle(button).borderColor).not.to.equal('rgba(0, 0, 0, 0)');
  }
  for (const bar of findAll(element, '.bar')) expect(getComputedStyle(bar).outlineStyle).to.equal('solid');
};

/** Of a colour as browsers compute it: 0 is black, 255 is white. */
const lightness = (color: string): number => Math.max(...(color.match(/\d+/g) ?? []).slice(0, 3).map(Number));

for (const scheme of ['light', 'dark'] as const) {
  describe(`forced colours, ${scheme}`, () => {
    let release: () => unknown = () => {};
    before(async () => {
      release = await forceColors(scheme);
    });
    after(() => release());

    for (const [name, show] of Object.entries(STATES)) {
      it(`have no findings: ${name}`, async function () {
        this.timeout(40_000);
        const bound = await bind(forcedPage(scheme));
        show(bound);
        await settle(bound.element);
        const page = getComputedStyle(bound.element.parentElement as HTMLElement).backgroundColor;
        expect(lightness(page) > 127 ? 'light' : 'dark', page).to.equal(scheme);
        obeysForcedColors(bound.element);
        expect(await findings(bound.element)).to.deep.equal([]);
      });
    }
  });
}

describe('the keyboard alone', () => {
  const focused = (element: FastioUpload): string => {
    const active = element.shadowRoot?.activeElement;
    return active?.getAttribute('aria-label') ?? active?.textContent?.trim() ?? '';
  };

  const tabTo = async (element: FastioUpload, name: string): Promise<void> => {
    for (let presses = 0; focused(element) !== name; presses += 1) {
      if (presses > 30) throw new Error(`"${name}" cannot be reached; the focus is on "${focused(element)}"`);
      await sendKeys({ press: 'Tab' });
    }
  };

  it('is enough for everything from choosing to the end', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple no-auto></fastio-upload>`);
    const openings = openingsOf(element);
    element.focus();
    await sendKeys({ press: 'Enter' });
    expect(openings.count).to.equal(1);

    engine.show(snapshot({ id: 'a', name: 'a.txt' }), snapshot({ id: 'b', name: 'b.txt' }));
    await element.updateComplete;
    await tabTo(element, 'Upload next: b.txt');
    await sendKeys({ press: 'Enter' });
    element.focus();
    await tabTo(element, 'Upload 2 files');
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;

    engine.change('b', { state: 'uploading' });
    engine.change('a', { state: 'failed', error });
    await element.updateComplete;
    element.focus();
    await tabTo(element, 'Pause b.txt');
    await sendKeys({ press: ' ' });
    await tabTo(element, 'Try again: a.txt');
    await sendKeys({ press: 'Enter' });

    for (const id of ['a', 'b']) engine.change(id, { state: 'done', fileId: id, error: null });
    await element.updateComplete;
    element.focus();
    await tabTo(element, 'Hide a.txt from the list');
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    const asked = engine.calls.map(([name]) => name).filter((name) => name !== 'configure');
    expect(asked).to.deep.equal(['prioritize', 'start', 'pause', 'retry', 'remove']);
    expect(document.activeElement).to.equal(element);
  });

  it('never moves to a button that cancels the upload when the pressed button disappears', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', name: 'a.txt' }), snapshot({ id: 'b', name: 'b.txt' }), snapshot({ id: 'c' }));
    await element.updateComplete;
    await tabTo(element, 'Upload next: b.txt');
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    const row = find(element, '[data-id=b]');
    expect(element.shadowRoot?.activeElement === row, focused(element)).to.equal(true);
    expect(row.matches(':focus-visible')).to.equal(true);
    expect(getComputedStyle(row).outlineStyle).to.equal('solid');
    expect(await findings(element)).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    expect(engine.calls.at(-1)).to.deep.equal(['prioritize', 'b']);

    engine.change('b', { state: 'failed', error });
    await element.updateComplete;
    await tabTo(element, 'Try again: b.txt');
    engine.change('b', { state: 'preparing', error: null });
    await element.updateComplete;
    expect(focused(element)).to.equal('Pause b.txt');
  });

  it('stays in the list when the focused row is removed', async () => {
    const { element, engine } = await bind();
    engine.show(...['a', 'b'].map((id) => snapshot({ id, name: `${id}.txt`, state: 'failed', error })));
    await element.updateComplete;
    await tabTo(element, 'Try again: a.txt');
    engine.change('a', { state: 'finishing', error: null });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement === find(element, '[data-id=a]'), focused(element)).to.equal(true);
    engine.remove('a');
    await element.updateComplete;
    expect(focused(element)).to.equal('Try again: b.txt');
  });

  it('dismisses a message without losing the focus', async () => {
    const { element, engine } = await bind();
    engine.refuse(fileNamed('a.exe'));
    await element.updateComplete;
    element.focus();
    await tabTo(element, 'Dismiss message').catch(async () => {
      throw new Error(`the message is "${textOf(find(element, '[role=alert]'))}"`);
    });
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(findAll(element, '.notice')).to.deep.equal([]);
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.choose'));
  });
});
