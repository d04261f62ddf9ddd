import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, findAll } from '../support.js';

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

/** All that scrolling and rendering ask for in the following frames has been done. */
const calm = async ({ element }: Bound): Promise<void> => {
  for (let frame = 0; frame < 4; frame += 1) {
    await nextFrame();
    await element.updateComplete;
  }
};

describe('a list of eighty files', () => {
  for (const view of ['list', 'grid'] as const) {
    it(`renders what is in view of the ${view}, and no more`, async () => {
      const bound = await bind(
        html`<div style="inline-size: 700px"><fastio-upload multiple view=${view}></fastio-upload></div>`,
      );
      bound.engine.show(...Array.from({ length: 80 }, () => snapshot()));
      await until(() => findAll(bound.element, '[data-id]').length > 4, 'rows are there');
      await calm(bound);
      expect(findAll(bound.element, '[data-id]').length).to.be.within(8, 40);
    });
  }
});
