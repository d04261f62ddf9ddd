import { expect, fixture, html } from '@open-wc/testing';
import type { FastioUpload } from '../../src/index.js';
import { STATES } from '../screenshots/states.js';
import { until } from '../support/until.js';
import { findings } from './axe.js';
import { FakeEngine } from './fake-engine.js';
import { settle } from './support.js';

/** A film shows on its way what other states show at rest. */
const AT_REST = Object.entries(STATES).filter(([, { looks }]) => looks?.[0]?.at === undefined);

const PAGES = {
  'a light page': { lang: 'en', style: 'color-scheme: light; background: #fff; color: #1c2026' },
  'a dark page': { lang: 'de', style: 'color-scheme: dark; background: #15171b; color: #e8eaee' },
  'a page from right to left': { lang: 'he', style: 'inline-size: 320px; background: #fff; color: #1c2026' },
} as const;

describe('every state that there are pictures of', () => {
  for (const [page, { lang, style }] of Object.entries(PAGES)) {
    it(`is accessible in ${page}`, async function () {
      this.timeout(180_000);
      for (const [name, { attributes = {}, inForm, show }] of AT_REST) {
        const frame = await fixture<HTMLElement>(html`<main lang=${lang} style=${style}></main>`);
        const element = document.createElement('fastio-upload') as FastioUpload;
        element.multiple = true;
        for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
        const engine = new FakeEngine();
        element.engine = engine.asEngine();
        const parent = inForm ? frame.appendChild(document.createElement('form')) : frame;
        parent.append(element);
        await until(
          () => lang !== 'he' || element.shadowRoot?.querySelector('.root[dir=rtl]'),
          'the language is there',
        );
        await show({ element, engine });
        await settle(element);
        expect(await findings(element), name).to.deep.equal([]);
        frame.remove();
      }
    });
  }
});
