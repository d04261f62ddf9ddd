import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, find, findAll, textOf } from '../support.js';

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

describe('the status of a file in a disabled element', () => {
  const BROKEN: readonly Partial<UploadSnapshot>[] = [
    { state: 'paused', reason: 'needs-file', confirmedBytes: 45_000 },
    { state: 'failed', error: errorOf('source-changed') },
    { state: 'failed', error: errorOf('timeout') },
    FAILED,
  ];

  const textsIn = async (lang: string): Promise<readonly [off: string[], on: string[]]> => {
    const { element, engine } = await bind(
      html`<div lang=${lang}><fastio-upload multiple disabled></fastio-upload></div>`,
    );
    await until(() => lang === 'en' || textOf(find(element, '.choose')) !== 'Choose files', 'the language is there');
    engine.show(...BROKEN.map((facts) => snapshot({ size: 90_000, ...facts })));
    await element.updateComplete;
    const texts = () => findAll(element, '.row .status').map(textOf);
    const off = texts();
    element.disabled = false;
    await element.updateComplete;
    return [off, texts()];
  };

  it('says what is the case, and not what a dead button would do', async () => {
    const [off] = await textsIn('en');
    expect(off.toSorted()).to.deep.equal([
      '50% uploaded.',
      'The file changed during upload.',
      "The server didn't respond in time.",
      'Too large for this site.',
    ]);
  });

  it('sends to where help is', async () => {
    const { element, engine } = await bind(html`<fastio-upload disabled></fastio-upload>`);
    engine.show(snapshot({ state: 'failed', error: errorOf('payment-required') }));
    await element.updateComplete;
    expect(textOf(find(element, '.row .status'))).to.equal("This site's storage is full. Please contact support.");
  });

  for (const lang of ['de', 'fr', 'es', 'pt', 'ja', 'zh', 'ar', 'he']) {
    it(`is the first sentence of the usual one: ${lang}`, async () => {
      const [off, on] = await textsIn(lang);
      for (const [index, text] of off.entries()) {
        expect(text).to.match(/[.。]$/);
        expect(on[index]?.startsWith(text), `${text} of ${on[index]}`).to.equal(true);
        expect(text.length).to.be.lessThan(on[index]?.length ?? 0);
      }
    });
  }
});
