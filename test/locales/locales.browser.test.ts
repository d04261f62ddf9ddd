import { expect, fixture, html } from '@open-wc/testing';
import { nothing } from 'lit';
import '../../src/define.js';
import { Localizer } from '../../src/element/language/localizer.js';
import { duration, percent, rate } from '../../src/element/status/format.js';
import { ENGLISH, type FastioUpload, type Message, type Strings } from '../../src/index.js';
import arabic from '../../src/locales/ar.js';
import german from '../../src/locales/de.js';
import spanish from '../../src/locales/es.js';
import french from '../../src/locales/fr.js';
import hebrew from '../../src/locales/he.js';
import japanese from '../../src/locales/ja.js';
import portuguese from '../../src/locales/pt.js';
import chinese from '../../src/locales/zh.js';
import { until } from '../support/until.js';

const TABLES: Readonly<Record<string, Strings>> = {
  ar: arabic,
  de: german,
  en: ENGLISH,
  es: spanish,
  fr: french,
  he: hebrew,
  ja: japanese,
  pt: portuguese,
  zh: chinese,
};

const formsOf = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message));

const marksIn = (message: Message): string[] =>
  [...new Set(formsOf(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

const keys = Object.keys(ENGLISH) as (keyof Strings)[];

/** Forms may say "one" or "both" in words, and a language with one form says of many what English says of one. */
const mayDiffer = (mark: string) => ['{count}', '{done}', '{actual}'].includes(mark);

for (const [lang, table] of Object.entries(TABLES)) {
  describe(`the texts in ${lang}`, () => {
    it('are all there, each with words', () => {
      expect(Object.keys(table).sort()).to.deep.equal([...keys].sort());
      expect(keys.filter((key) => formsOf(table[key]).some((form) => form.trim() === ''))).to.deep.equal([]);
    });

    it('have a form for every plural category of the language', () => {
      const { pluralCategories } = new Intl.PluralRules(lang).resolvedOptions();
      const lacking = keys.filter((key) => {
        const message = table[key];
        return typeof message !== 'string' && pluralCategories.some((category) => message[category] === undefined);
      });
      expect(lacking).to.deep.equal([]);
    });

    it('begin in the direction of the language where the user gives the first word', () => {
      const mark = ['ar', 'he'].includes(lang) ? '\u200f' : '\u200e';
      const named = keys.flatMap((key) => formsOf(table[key])).filter((form) => /^\W?\{names\}/.test(form));
      expect(named.filter((form) => !form.startsWith(mark))).to.deep.equal([]);
    });

    it('name the same values as English', () => {
      const wrong = keys.filter((key) => {
        const [own, english] = [marksIn(table[key]), marksIn(ENGLISH[key])];
        const missing = english.filter((mark) => !own.includes(mark) && !mayDiffer(mark));
        const unknown = own.filter((mark) => !english.includes(mark));
        return missing.length + unknown.length > 0;
      });
      expect(wrong).to.deep.equal([]);
    });

    it('write numbers, units, durations and lists as the language does', () => {
      const texts = new Localizer({}, lang, table);
      const unit = (value: number, name: string) =>
        new Intl.NumberFormat(lang, { style: 'unit', unit: name, unitDisplay: 'short' })
          .format(value)
          .replace(' ', '\u00a0');
      const count = 1_234_567;
      const plain = new Intl.NumberFormat(lang).format(count);
      expect(texts.text('filesStored', { count })).to.contain(plain);
      expect(texts.bytes(1.8e9)).to.equal(unit(1.8, 'gigabyte'));
      expect(rate(texts, 18e6).replace(/[\u2066\u2069]/g, '')).to.equal(unit(18, 'megabyte-per-second'));
      expect(duration(texts, 8_000)).to.equal(lang === 'en' ? '8\u00a0s' : unit(8, 'second'));
      expect(percent(texts, 0.5)).to.equal(new Intl.NumberFormat(lang, { style: 'percent' }).format(0.5));
      expect(texts.list(['A', 'B', 'C'])).to.equal(new Intl.ListFormat(lang).format(['A', 'B', 'C']));
    });

    if (lang !== 'en') {
      it('are not left in English', () => {
        // Words that some of the languages share with English.
        const shared = new Set(['lang', 'bytesOf', 'typeAudio', 'typeText', 'typeImage', 'typeVideo', 'listLabel']);
        const same = keys.filter(
          (key) => !shared.has(key) && JSON.stringify(table[key]) === JSON.stringify(ENGLISH[key]),
        );
        expect(same).to.deep.equal([]);
      });
    }
  });
}

describe('plural forms', () => {
  it('are picked by the rules of Arabic, which has six', () => {
    const texts = new Localizer({}, 'ar', arabic);
    const said = [0, 1, 2, 3, 11, 100].map((count) =>
      texts.text('saidAdded', { count }).replace(/[\d\u0660-\u0669]+/, 'N'),
    );
    expect(said).to.deep.equal([
      'أُضيف N ملف.',
      'أُضيف ملف واحد.',
      'أُضيف ملفان.',
      'أُضيفت N ملفات.',
      'أُضيف N ملفًا.',
      'أُضيف N ملف.',
    ]);
  });
});

describe('the language of an element', () => {
  const chooseIn = (element: FastioUpload) => element.shadowRoot?.querySelector('.choose')?.textContent?.trim();
  const bindIn = async (lang: string, dir?: 'ltr'): Promise<FastioUpload> => {
    const page = await fixture<HTMLElement>(
      html`<div lang=${lang} dir=${dir ?? nothing}><fastio-upload multiple></fastio-upload></div>`,
    );
    return page.querySelector('fastio-upload') as FastioUpload;
  };

  it('is English until the table of its page is there', async () => {
    const element = await bindIn('de-AT');
    await until(() => chooseIn(element) === 'Dateien auswählen', 'German is there');
  });

  it('falls back from a variant to its language, and to English from one that is not known', async () => {
    const chinese = await bindIn('zh-Hant-TW');
    await until(() => chooseIn(chinese) === '选择文件', 'Chinese is there');
    const welsh = await bindIn('cy');
    await welsh.updateComplete;
    expect(chooseIn(welsh)).to.equal('Choose files');
    expect(welsh.shadowRoot?.querySelector('.root')?.getAttribute('lang')).to.equal('en');
  });

  it('is what the texts of the page say, wherever they stand', async () => {
    const element = await bindIn('en');
    element.strings = { lang: 'fr', chooseFiles: 'Parcourir' };
    await until(
      () =>
        element.shadowRoot?.querySelector('.zone-label')?.textContent?.trim() ===
        'Déposez des fichiers ou des dossiers ici',
      'French is there',
    );
    expect(chooseIn(element)).to.equal('Parcourir');
  });

  it('follows a page that changes its language', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload multiple></fastio-upload>`);
    const before = document.documentElement.getAttribute('lang');
    document.documentElement.lang = 'es';
    try {
      await until(() => chooseIn(element) === 'Elegir archivos', 'Spanish is there');
    } finally {
      if (before === null) document.documentElement.removeAttribute('lang');
      else document.documentElement.lang = before;
    }
  });

  it('follows what is around it when that changes its language, in the page and in a shadow root', async () => {
    const inPage = await bindIn('en');
    const page = inPage.parentElement as HTMLElement;
    page.lang = 'fr';
    await until(() => chooseIn(inPage) === 'Choisir des fichiers', 'French is there');

    const outer = await fixture<HTMLElement>(html`<div lang="en"></div>`);
    const shadow = outer.attachShadow({ mode: 'open' });
    shadow.innerHTML = '<section><fastio-upload multiple></fastio-upload></section>';
    const inside = shadow.querySelector('fastio-upload') as FastioUpload;
    await inside.updateComplete;
    outer.lang = 'pt';
    await until(() => chooseIn(inside) === 'Escolher arquivos', 'Portuguese is there');
    (shadow.firstElementChild as HTMLElement).lang = 'ja';
    await until(() => chooseIn(inside) === 'ファイルを選択', 'Japanese is there');
    page.lang = 'en';
    await until(() => chooseIn(inPage) === 'Choose files', 'English is back');
  });

  it('follows a direction that the page sets later', async () => {
    const element = await bindIn('he');
    await until(() => chooseIn(element) === 'בחירת קבצים', 'Hebrew is there');
    const root = element.shadowRoot?.querySelector('.root') as HTMLElement;
    (element.parentElement as HTMLElement).dir = 'ltr';
    await until(() => getComputedStyle(root).direction === 'ltr', 'the direction of the page holds');
  });

  it('sets the direction of its texts where the page sets none', async () => {
    const root = (element: FastioUpload) => element.shadowRoot?.querySelector('.root') as HTMLElement;
    const hebrew = await bindIn('he');
    await until(() => chooseIn(hebrew) === 'בחירת קבצים', 'Hebrew is there');
    expect(getComputedStyle(root(hebrew)).direction).to.equal('rtl');
    const set = await bindIn('ar', 'ltr');
    await until(() => chooseIn(set) === 'اختيار ملفات', 'Arabic is there');
    expect(getComputedStyle(root(set)).direction).to.equal('ltr');
  });
});
