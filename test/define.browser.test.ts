import { expect } from '@open-wc/testing';
import '../src/define.js';
import { FastioUpload } from '../src/index.js';
import { FakeEngine } from './element/fake-engine.js';
import { find, textOf } from './element/support.js';

describe('two copies of the package', () => {
  it('do not disturb each other: the first one keeps the tag', async () => {
    const copy: string = '/src/define.ts?copy';
    await import(copy);
    expect(customElements.get('fastio-upload')).to.equal(FastioUpload);
  });
});

describe('an element that is older than its class', () => {
  it('keeps what was set before', async () => {
    class Late extends FastioUpload {}
    const element = document.createElement('late-upload') as FastioUpload;
    Object.assign(element, { maxFiles: 3, strings: { chooseFiles: 'Pick' }, multiple: true, endpoint: '/early' });
    const engine = new FakeEngine();
    Object.assign(element, { engine: engine.asEngine() });
    document.body.append(element);
    customElements.define('late-upload', Late);
    customElements.upgrade(element);
    await element.updateComplete;
    expect(engine.options).to.include({ maxFiles: 3, endpoint: '/early' });
    expect(textOf(find(element, '.choose'))).to.equal('Pick');
    element.remove();
  });
});
