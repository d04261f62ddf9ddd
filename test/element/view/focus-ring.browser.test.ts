import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { snapshot } from '../fake-engine.js';
import { bind, find } from '../support.js';

/** Relative luminance as WCAG defines it. */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

describe('the ring of the focus', () => {
  for (const scheme of ['light', 'dark']) {
    it(`has two colours, of which one is seen on any picture, on a ${scheme} page`, async () => {
      const { element, engine } = await bind(
        html`<div style="color-scheme: ${scheme}"><fastio-upload multiple></fastio-upload></div>`,
      );
      engine.show(snapshot({ state: 'uploading' }));
      await element.updateComplete;
      find(element, '[data-action=pause]').focus();
      await sendKeys({ press: 'Tab' });
      const { outlineColor, outlineStyle, boxShadow } = getComputedStyle(find(element, '[data-action=cancel]'));
      expect(outlineStyle).to.equal('solid');
      const inner = /^rgba?\([^)]*\)/.exec(boxShadow)?.[0] ?? '';
      expect(contrast(inner, outlineColor)).to.be.greaterThan(4.5);
    });
  }
});
