import { expect, html } from '@open-wc/testing';
import type { FastioUpload, FileField } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { findings } from '../axe.js';
import { snapshot } from '../fake-engine.js';
import { bind, fileNamed, find, findAll, textOf } from '../support.js';

const FIELDS: readonly FileField[] = [
  { name: 'caption', label: 'Caption', required: true, maxLength: 80 },
  { name: 'kind', label: 'Kind', type: 'select', options: ['photo', { value: 'scan', label: 'Scanned page' }] },
  { name: 'isPublic', label: 'Public', type: 'checkbox' },
];

const withFields = async (): Promise<FastioUpload> => {
  const element = document.createElement('fastio-upload');
  Object.assign(element, { endpoint: `/nowhere/${crypto.randomUUID()}`, protocol: 'presigned', noResume: true });
  element.fields = FIELDS;
  element.metadata = { album: 7 };
  document.body.append(element);
  element.addFiles([fileNamed('a.jpg')]);
  await until(() => findAll(element, '[part=field-input]').length === 3, 'the inputs are there');
  return element;
};

const fill = (element: FastioUpload, name: string, value: string): void => {
  const input = find<HTMLInputElement>(element, `[name=${name}]`);
  input.value = value;
  input.dispatchEvent(new Event('change', { bubbles: true }));
};

describe('inputs for each file', () => {
  it('are labelled, keep their values as metadata beside that of the element, and dispatch nothing on the page', async () => {
    const element = await withFields();
    const set: unknown[] = [];
    const { setMetadata } = element;
    element.setMetadata = (id, metadata) => {
      set.push(metadata);
      return setMetadata.call(element, id, metadata);
    };
    let changes = 0;
    element.addEventListener('change', () => {
      changes += 1;
    });
    fill(element, 'caption', 'Dawn');
    fill(element, 'kind', 'scan');
    expect(set.at(-1)).to.deep.equal({ album: 7, caption: 'Dawn', kind: 'scan' });
    expect(changes).to.equal(0);
    expect(findAll(element, '.field').map((field) => textOf(field.querySelector('span') as HTMLElement))).to.deep.equal(
      ['Caption', 'Kind', 'Public'],
    );
    expect(await findings(element)).to.deep.equal([]);
    element.remove();
  });

  it('keep uploads from starting until required ones are filled in', async () => {
    const element = await withFields();
    expect(element.uploads[0]?.state).to.equal('queued');
    element.start();
    expect(element.uploads[0]?.state).to.equal('queued');
    fill(element, 'caption', 'Dawn');
    element.start();
    expect(element.uploads[0]?.state).to.equal('preparing');
    await element.updateComplete;
    expect(find<HTMLInputElement>(element, '[name=caption]').disabled).to.equal(true);
    element.cancel();
    element.remove();
  });
});

describe('metadata that a page sets for a file with inputs', () => {
  it('is shown in them, counts as filled in, and stays when another one is filled in', async () => {
    const element = await withFields();
    const [{ id = '' } = {}] = element.uploads;
    element.setMetadata(id, { owner: 5, caption: 'Dusk' });
    await until(() => find<HTMLInputElement>(element, '[name=caption]').value === 'Dusk', 'the input shows it');

    fill(element, 'kind', 'scan');
    expect(element.uploads[0]?.metadata).to.deep.equal({ owner: 5, caption: 'Dusk', kind: 'scan' });

    element.start();
    expect(element.uploads[0]?.state).to.equal('preparing');
    element.cancel();
    element.remove();
  });

  it('is missing in a required input where it is empty', async () => {
    const element = await withFields();
    const [{ id = '' } = {}] = element.uploads;
    for (const caption of ['', null, false]) {
      element.setMetadata(id, { caption });
      element.start();
      expect(element.uploads[0]?.state).to.equal('queued');
    }
    element.remove();
  });
});

describe('custom content of a row', () => {
  const bindExtra = () =>
    bind(html`<fastio-upload .rowExtra=${({ name }: { name: string }) => `of ${name}`}></fastio-upload>`);

  it('is text, a node or a template, and nothing for null', async () => {
    const { element, engine } = await bindExtra();
    engine.show(snapshot({ name: 'a.jpg' }));
    await element.updateComplete;
    expect(textOf(find(element, '[part=row-extra]'))).to.equal('of a.jpg');
    element.rowExtra = () => Object.assign(document.createElement('a'), { textContent: 'Edit' });
    await element.updateComplete;
    expect(find(element, '[part=row-extra] a').textContent).to.equal('Edit');
    element.rowExtra = () => html`<b>Own</b>`;
    await element.updateComplete;
    expect(find(element, '[part=row-extra] b').textContent).to.equal('Own');
    element.rowExtra = () => null;
    await element.updateComplete;
    expect(findAll(element, '[part=row-extra]')).to.have.length(0);
  });

  it('follows the upload', async () => {
    const { element, engine } = await bindExtra();
    element.rowExtra = ({ state }) => state;
    engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await element.updateComplete;
    engine.change('a', { state: 'done' });
    await element.updateComplete;
    expect(textOf(find(element, '[part=row-extra]'))).to.equal('done');
  });
});
