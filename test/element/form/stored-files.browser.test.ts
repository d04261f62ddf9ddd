import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload, StoredEntry } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { fileNamed, findAll, namesOf, pick, textOf } from '../support.js';

const PLAN: StoredEntry = { fileId: 'f1', name: 'plan.pdf', size: 1000, type: 'application/pdf', url: '/files/f1' };
const NOTES: StoredEntry = { fileId: 'f2', name: 'notes.txt' };
const LURE: StoredEntry = { fileId: 'f3', name: 'lure.txt', url: 'java\nscript:alert(1)' };

interface Edited {
  readonly element: FastioUpload;
  readonly form: HTMLFormElement;
}

const bindForm = async (multiple = true): Promise<Edited> => {
  const stored = JSON.stringify([PLAN, NOTES]);
  const form = await fixture<HTMLFormElement>(html`<form>
    <fastio-upload name="files" no-auto no-resume ?multiple=${multiple} stored=${stored}></fastio-upload>
  </form>`);
  return { form, element: form.querySelector('fastio-upload') as FastioUpload };
};

const idOf = ({ uploads }: FastioUpload, name: string): string =>
  uploads.find((upload) => upload.name === name)?.id ?? '';

describe('stored files', () => {
  it('are on the list and in the form, and are never requested', async () => {
    // The files of the element itself come once for all elements.
    const first = await bindForm();
    await until(() => findAll(first.element, '.grip').length === 2, 'all of them are there');
    const before = performance.getEntriesByType('resource').length;
    const { element, form } = await bindForm();
    await element.updateComplete;
    expect(namesOf(element)).to.deep.equal(['plan.pdf', 'notes.txt']);
    expect(element.uploads.map(({ state }) => state)).to.deep.equal(['done', 'done']);
    expect(element.uploads[0]?.result).to.include({ url: '/files/f1' });
    expect(findAll(element, 'li')).to.have.length(2);
    expect(new FormData(form).getAll('files')).to.deep.equal(['f1', 'f2']);
    expect(performance.getEntriesByType('resource').length).to.equal(before);
  });

  for (const view of ['list', 'grid'] as const) {
    it(`have links and pictures (${view})`, async () => {
      const { element } = await bindForm();
      element.view = view;
      const picture = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
      element.stored = [
        PLAN,
        { ...NOTES, url: '/files/f2', thumbnailUrl: picture },
        { ...LURE, thumbnailUrl: '/gone.png' },
      ];
      await until(() => findAll(element, view === 'grid' ? '.tile' : 'li').length === 3, 'all are there');
      const [link, other, ...more] = findAll(element, '.name a') as HTMLAnchorElement[];
      expect(more, 'a script is no link').to.deep.equal([]);
      expect([link?.pathname, link?.target, link?.rel]).to.deep.equal(['/files/f1', '_blank', 'noopener']);
      expect(link && textOf(link)).to.equal('plan.pdf');
      const stops = findAll(element, '.tile').map(({ tabIndex }) => tabIndex);
      expect(stops, 'one tile is a stop of the Tab key, with its link').to.deep.equal(
        view === 'grid' ? [0, -1, -1] : [],
      );
      expect([link?.tabIndex, other?.tabIndex]).to.deep.equal([0, view === 'grid' ? -1 : 0]);
      const pictures = findAll(element, 'img') as HTMLImageElement[];
      expect(pictures.map(({ src, alt }) => [src, alt])[0]).to.deep.equal([picture, '']);
      await until(() => pictures[1]?.hidden === true, 'what cannot be loaded gives way to the drawing');
      expect(pictures[0]?.hidden).to.equal(false);
    });
  }

  it('are there before the first rendering', () => {
    const element = document.createElement('fastio-upload');
    element.stored = [PLAN];
    expect(element.value).to.deep.equal(['f1']);
  });

  it('are in the form as removed once removed, and apart from new ones', async () => {
    const { element, form } = await bindForm();
    element.remove(idOf(element, 'notes.txt'));
    element.engine.restoreStored([
      { fileId: 'new', name: 'new.txt', size: 1, type: '', lastModified: 0, relativePath: 'new.txt' },
    ]);
    expect([...new FormData(form)]).to.deep.equal([
      ['files', 'f1'],
      ['files', 'new'],
      ['files-removed', 'f2'],
    ]);
    expect(element.changes).to.deep.equal({ kept: ['f1'], removed: ['f2'], added: ['new'] });
  });

  it('stay removed when the page sets the same list again', async () => {
    const { element } = await bindForm();
    element.remove(idOf(element, 'notes.txt'));
    element.stored = [PLAN, NOTES];
    await element.updateComplete;
    expect(namesOf(element)).to.deep.equal(['plan.pdf']);
  });

  it('follow the list of the page', async () => {
    const { element } = await bindForm();
    element.stored = [NOTES, { fileId: 'f3', name: 'third.txt' }];
    await element.updateComplete;
    expect(namesOf(element)).to.deep.equal(['notes.txt', 'third.txt']);
    expect(element.changes.removed).to.deep.equal([]);
  });

  it('return when the form is reset, and other files are removed', async () => {
    const { element, form } = await bindForm();
    element.remove(idOf(element, 'notes.txt'));
    element.addFiles([fileNamed('other.txt')]);
    form.reset();
    expect(namesOf(element)).to.deep.equal(['plan.pdf', 'notes.txt']);
  });

  it('stay as the user left them when the browser restores a form', async () => {
    const { element } = await bindForm();
    const state = JSON.stringify([{ ...PLAN, lastModified: 0, relativePath: 'plan.pdf' }]);
    element.formStateRestoreCallback(state);
    expect(element.changes).to.deep.equal({ kept: ['f1'], removed: ['f2'], added: [] });
  });

  it('satisfy a required field', async () => {
    const { element } = await bindForm();
    element.required = true;
    expect(element.checkValidity()).to.equal(true);
    for (const { id } of element.uploads) element.remove(id);
    expect(element.checkValidity()).to.equal(false);
  });

  it('are replaced by a new choice in a field for one file', async () => {
    const form = await fixture<HTMLFormElement>(
      html`<form><fastio-upload name="avatar" no-auto no-resume .stored=${[PLAN]}></fastio-upload></form>`,
    );
    const element = form.querySelector('fastio-upload') as FastioUpload;
    pick(element, [fileNamed('me.png')]);
    expect(element.changes).to.deep.equal({ kept: [], removed: ['f1'], added: [] });
  });

  it('are skipped without an id or a name, as is a value that is not a list', async () => {
    const element = document.createElement('fastio-upload');
    element.setAttribute('stored', '[{"fileId":"a"},{"name":"b"},7,{"fileId":3,"name":"c"}]');
    expect(element.value).to.deep.equal(['3']);
    element.setAttribute('stored', '{oops');
    expect(element.value).to.deep.equal([]);
  });
});
