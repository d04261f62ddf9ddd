import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { snapshot } from '../fake-engine.js';
import { bind, find, textOf } from '../support.js';

const FAILED = {
  state: 'failed',
  error: { code: 'too-large', message: 'larger than allowed', retriable: false },
} as const satisfies Partial<UploadSnapshot>;

/** Errors that the page is told of until `stop` is called: then the test runner, which fails tests by them, hears them again. */
const watchErrors = (): { readonly errors: readonly unknown[]; readonly stop: () => void } => {
  const errors: unknown[] = [];
  const { onerror } = window;
  window.onerror = (_message, _url, _line, _column, error) => {
    errors.push(error);
    return true;
  };
  return {
    errors,
    stop: () => {
      window.onerror = onerror;
    },
  };
};

describe("the page's text of a failed upload", () => {
  const textWith = async (errorText: (upload: UploadSnapshot) => string | undefined, list = 'full') => {
    const { element, engine } = await bind(html`<fastio-upload list=${list} .errorText=${errorText}></fastio-upload>`);
    engine.show(snapshot({ name: 'a.bin', ...FAILED }));
    await element.updateComplete;
    return textOf(find(element, list === 'full' ? '.row .status' : '.summary .status'));
  };

  it('takes the place of the usual one', async () => {
    expect(await textWith(({ error }) => `Ask Ann: ${error?.code}`)).to.contain('Ask Ann: too-large');
  });

  for (const list of ['full', 'summary']) {
    it(`is the usual one when its function fails, which the page is told, with list=${list}`, async () => {
      const usual = await textWith(() => undefined, list);
      const mistake = new TypeError('a mistake of the page');
      const { errors, stop } = watchErrors();
      try {
        const text = await textWith(() => {
          throw mistake;
        }, list);
        expect(text).to.equal(usual);
        expect(errors.length).to.be.greaterThan(0);
        expect(errors.every((error) => error === mistake)).to.equal(true);
      } finally {
        stop();
      }
    });
  }
});
