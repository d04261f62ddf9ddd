import { expect } from '@open-wc/testing';
import { Localizer } from '../../../src/element/language/localizer.js';
import { bytesOf, duration, percent, tailOf } from '../../../src/element/status/format.js';
import { ENGLISH } from '../../../src/index.js';

describe('Localizer', () => {
  it('picks plural forms and inserts numbers of its language', () => {
    const texts = new Localizer({}, '', ENGLISH);
    expect([1, 2, 1234].map((count) => texts.text('filesStored', { count }))).to.deep.equal([
      '1 file uploaded',
      '2 files uploaded',
      '1,234 files uploaded',
    ]);
  });

  it('follows the language of the texts, not of the page', () => {
    expect(new Localizer({}, 'de').bytes(1.8e9)).to.equal('1.8\u00a0GB');
    expect(new Localizer({ lang: 'de' }, 'de-AT').bytes(1.8e9)).to.equal('1,8\u00a0GB');
  });

  it('keeps its own text where a page has none for it', () => {
    const texts = new Localizer(JSON.parse('{"chooseFiles": null, "lang": null}'));
    expect([texts.text('chooseFiles'), texts.lang]).to.deep.equal(['Choose files', 'en']);
  });

  it('copes with an unknown language', () => {
    expect(new Localizer({ lang: 'not a language' }, '!!').bytes(88_000)).to.equal('88\u00a0kB');
  });

  it('returns an empty text for one without words', () => {
    const empty = Object.entries(ENGLISH).filter(([, text]) => JSON.stringify(text).length < 3);
    expect(empty).to.deep.equal([]);
  });
});

describe('formats', () => {
  const texts = new Localizer({}, '', ENGLISH);

  it('write bytes with the digits that matter', () => {
    const sizes = [0, 1, 999, 1_000, 88_000, 4_100_000, 612_400_000, 999_700_000, 1.8e9, 5e9, 2e12];
    expect(sizes.map((size) => texts.bytes(size))).to.deep.equal([
      '0\u00a0bytes',
      '1\u00a0byte',
      '999\u00a0bytes',
      '1\u00a0kB',
      '88\u00a0kB',
      '4.1\u00a0MB',
      '612\u00a0MB',
      '1\u00a0GB',
      '1.8\u00a0GB',
      '5\u00a0GB',
      '2\u00a0TB',
    ]);
  });

  it('write the unit of a pair once where possible', () => {
    expect(bytesOf(texts, 1.3e9, 3.1e9)).to.equal('1.3 of 3.1\u00a0GB');
    expect(bytesOf(texts, 612e6, 1.8e9)).to.equal('612\u00a0MB of 1.8\u00a0GB');
  });

  it('never round up to the end', () => {
    expect(percent(texts, 0.999)).to.equal('99%');
  });

  it('round times up', () => {
    expect([300, 8_000, 61_000, 3_600_000, 4_800_000].map((ms) => duration(texts, ms))).to.deep.equal([
      '1\u00a0s',
      '8\u00a0s',
      '2\u00a0min',
      '1\u00a0h',
      '1\u00a0h 20\u00a0min',
    ]);
  });

  it('cut names between whole characters', () => {
    expect(tailOf('🙂'.repeat(30))).to.equal('🙂'.repeat(7));
    expect(tailOf('second camera, raw.mp4')).to.equal('raw.mp4');
    expect(tailOf('a.mp4')).to.equal('a.mp4');
    expect(tailOf('yearly budget.numbers')).to.equal('t.numbers');
  });
});
