import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { LazyView } from '../../../src/element/view/lazy-view.js';
import type { ViewHost, ViewParts } from '../../../src/element/view/uploads-view.js';
import * as module from '../../../src/element/view/uploads-view.js';
import { FastioUpload } from '../../../src/index.js';
import { bind, fileNamed, find, findAll, nextTask } from '../support.js';

class Host extends LitElement {
  readonly fields = [];
  readonly rowExtra = null;
  readonly isDisabled = false;
  readonly metadata = null;
  readonly uploads = [];
  setMetadata = () => false;
}
customElements.define('view-host', Host);

const PARTS = { texts: () => ({ text: () => '' }) } as unknown as ViewParts;

/** A host and its lazy view; `answers` says which of its attempts to load bring the file. */
const makeView = (...answers: readonly boolean[]) => {
  const host = new Host();
  let attempts = 0;
  const load = async () => {
    attempts += 1;
    if (answers[attempts - 1] === false) throw new TypeError('Failed to fetch dynamically imported module');
    return module;
  };
  const lazyView = new LazyView(host as unknown as ViewHost, PARTS, load);
  return { host, lazyView, attempts: () => attempts };
};

describe('the view', () => {
  it('is not requested before the element is in a page', async () => {
    const { lazyView, attempts } = makeView();
    await nextTask();
    expect([attempts(), lazyView.loaded]).to.deep.equal([0, null]);
  });

  it('gets earlier messages in order', async () => {
    const { host, lazyView } = makeView(true);
    const heard: number[] = [];
    lazyView.tell(() => heard.push(1));
    lazyView.tell(() => heard.push(2));
    document.body.append(host);
    await host.updateComplete;
    await lazyView.loaded;
    lazyView.tell(() => heard.push(3));
    expect(heard).to.deep.equal([1, 2, 3]);
    host.remove();
  });

  it('is requested again when its file could not be loaded', async () => {
    const { host, lazyView, attempts } = makeView(false, true);
    document.body.append(host);
    await host.updateComplete;
    await lazyView.loaded;
    expect([lazyView.view, attempts()]).to.deep.equal([null, 1]);
    host.remove();
    document.body.append(host);
    await lazyView.loaded;
    expect(lazyView.view).to.be.instanceOf(module.UploadsView);
    expect(attempts()).to.equal(2);
    host.remove();
  });

  it('keeps the sheet last that adapts all others to the settings of the user', async () => {
    const { element } = await bind();
    const own = FastioUpload.elementStyles.map((style) => (style instanceof CSSStyleSheet ? style : style.styleSheet));
    const sheets = element.shadowRoot?.adoptedStyleSheets ?? [];
    expect(sheets.length).to.be.greaterThan(own.length);
    expect(sheets.at(-1)).to.equal(own.at(-1));
  });
});

describe('an element whose view is not loaded yet', () => {
  it('accepts files, dispatches its events and shows the files as soon as it can', async () => {
    const element = document.createElement('fastio-upload');
    const names: string[] = [];
    element.addEventListener('upload-added', ({ detail }) => names.push(detail.upload.name));
    element.noAuto = true;
    document.body.append(element);
    element.addFiles([fileNamed('early.txt')]);
    expect(names).to.deep.equal(['early.txt']);
    await element.updateComplete;
    expect(findAll(element, 'li')).to.have.length(1);
    element.remove();
  });

  it('reports an earlier refusal', async () => {
    const element = document.createElement('fastio-upload');
    element.maxFileSize = '1';
    document.body.append(element);
    element.addFiles([fileNamed('large.txt', 20)]);
    await element.updateComplete;
    expect(find(element, '.notices').textContent).to.include('large.txt');
    element.remove();
  });
});
