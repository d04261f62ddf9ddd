import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { fileNamed, namesOf } from '../support.js';

const choose = (input: HTMLInputElement, ...files: readonly File[]): void => {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  input.files = data.files;
};

describe('an input inside the tag, for pages without scripts', () => {
  it('is neither submitted nor required once the element is defined', async () => {
    const form = await fixture<HTMLFormElement>(html`<form>
      <fastio-upload name="files" no-auto no-resume>
        <label>Files <input type="file" name="files" required /></label>
      </fastio-upload>
    </form>`);
    expect([...new FormData(form)]).to.deep.equal([]);
    expect(form.checkValidity()).to.equal(true);
    const input = form.querySelector('input') as HTMLInputElement;
    expect(input.offsetHeight, 'it is not seen').to.equal(0);
  });

  it('takes what is stored with it, and leaves the inputs of other names', async () => {
    const form = await fixture<HTMLFormElement>(html`<form>
      <fastio-upload name="files" no-auto no-resume stored='[{"fileId": "a", "name": "a.txt"}]'>
        <label><input type="checkbox" name="files" value="a" checked /> a.txt</label>
        <label slot="footer"><input type="checkbox" name="terms" checked /> Agreed</label>
      </fastio-upload>
    </form>`);
    expect([...new FormData(form)].sort()).to.deep.equal([
      ['files', 'a'],
      ['terms', 'on'],
    ]);
  });

  it('passes on the files that were chosen before the scripts were loaded', async () => {
    const template = document.createElement('template');
    template.innerHTML =
      '<fastio-upload name="files" multiple no-auto no-resume><input type="file" multiple></fastio-upload>';
    // Of a document without a browsing context: the tag is not upgraded there.
    const element = template.content.querySelector('fastio-upload') as FastioUpload;
    choose(element.querySelector('input') as HTMLInputElement, fileNamed('a.txt'), fileNamed('b.txt'));
    const page = await fixture(html`<div></div>`);
    page.append(element);
    expect(namesOf(element)).to.deep.equal(['a.txt', 'b.txt']);
    expect(element.querySelector('input')?.files).to.have.length(0);
  });

  it('is replaced also when it is inserted later', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload no-auto no-resume></fastio-upload>`);
    const input = Object.assign(document.createElement('input'), { type: 'file' });
    element.append(input);
    await until(() => input.disabled, 'the input is disabled');
  });
});
