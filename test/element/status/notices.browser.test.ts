import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { type Bound, bind, fileNamed, findAll, textOf } from '../support.js';

const bindIn = async (lang: string): Promise<Bound> => {
  const bound = await bind(
    html`<div lang=${lang}><fastio-upload multiple accept="image/*,.pdf" max-file-size="5 GB"></fastio-upload></div>`,
  );
  const choose = () => findAll(bound.element, '.choose')[0]?.textContent?.trim();
  await until(() => lang === 'en' || choose() !== 'Choose files', 'the language is there');
  return bound;
};

const refuseAll = async ({ element, engine }: Bound, ...names: readonly string[]): Promise<void> => {
  for (const name of names) engine.refuse(fileNamed(name));
  await element.updateComplete;
};

const linesOf = ({ element }: Bound): string[] => findAll(element, '.notice p').map(textOf);

describe('a message about refused files', () => {
  it('counts all of them in its title, and has a line for each reason with the names after it', async () => {
    const bound = await bindIn('en');
    const large = { ...fileNamed('film.mov'), name: 'film.mov', size: 6e9 } as File;
    bound.engine.emit('upload-rejected', { file: large, code: 'rejected-size', message: '' });
    await refuseAll(bound, 'setup.exe', 'run.bat', 'a.dll', 'b.dll', 'c.dll');
    expect(linesOf(bound)).to.deep.equal([
      '6 files skipped',
      '\u200efilm.mov is 6 GB; the limit is 5 GB.',
      'Only images and PDF. Skipped: setup.exe, run.bat, a.dll, and 2 more',
    ]);
  });

  it('has no title where the sentence says the number', async () => {
    const bound = await bindIn('en');
    for (const name of ['a.pdf', 'b.pdf'])
      bound.engine.emit('upload-rejected', { file: fileNamed(name), code: 'rejected-duplicate', message: '' });
    await bound.element.updateComplete;
    expect(linesOf(bound)).to.deep.equal(['2 files are already on the list: a.pdf and b.pdf']);
  });

  for (const lang of ['en', 'ar', 'he']) {
    it(`isolates every name from the sentence and from its neighbours, in "${lang}"`, async () => {
      const bound = await bindIn(lang);
      const names = ['setup.exe', 'תמונה 12.exe', '2026 تقرير.exe'];
      await refuseAll(bound, ...names, 'b.dll', 'c.dll');
      const isolated = findAll(bound.element, '.notice bdi').filter((node) => node.children.length === 0);
      expect(isolated.map(textOf).slice(-3)).to.deep.equal(names);
      expect(findAll(bound.element, '.notice')[0]?.textContent).not.to.match(/[\u2066-\u2069]/);
    });
  }

  for (const [lang, and] of [
    ['ar', 'و'],
    ['he', 'ו'],
  ] as const) {
    it(`says "and" once before the number of further names, in "${lang}"`, async () => {
      const bound = await bindIn(lang);
      await refuseAll(bound, 'a.exe', 'b.exe', 'c.exe', 'd.exe', 'e.exe');
      const text = linesOf(bound).at(-1) ?? '';
      expect(text.slice(text.indexOf('c.exe') + 'c.exe'.length)).to.match(new RegExp(`^ ${and}(?!${and})`));
    });
  }
});
