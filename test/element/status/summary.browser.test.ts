import { expect, html } from '@open-wc/testing';
import { snapshot } from '../fake-engine.js';
import { bind, find } from '../support.js';

describe('the summary', () => {
  for (const width of [1000, 720, 600]) {
    it(`keeps its height when its words become longer, on ${width} pixels`, async () => {
      const { element, engine } = await bind(
        html`<div style="inline-size: ${width}px"><fastio-upload></fastio-upload></div>`,
      );
      const heightAt = async (remainingMs: number | null): Promise<number> => {
        const moving = remainingMs === null ? {} : { bytesPerSecond: 4.2e6, remainingMs };
        const facts = { size: 44e6, state: 'uploading', confirmedBytes: 20e6, ...moving } as const;
        engine.show(snapshot({ id: 'one', ...facts }), snapshot({ id: 'two', ...facts }));
        await element.updateComplete;
        return Math.round(find(element, '.summary').getBoundingClientRect().height);
      };

      const heights = [await heightAt(null), await heightAt(10_000), await heightAt(3_000), await heightAt(7_300_000)];
      expect(new Set(heights).size, heights.join()).to.equal(1);
    });
  }
});
