import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { fileNamed, namesOf } from '../support.js';

const waiting = (): Promise<FastioUpload> =>
  fixture(
    html`<fastio-upload endpoint=${`/nowhere/${crypto.randomUUID()}`} protocol="presigned" no-auto no-resume></fastio-upload>`,
  );

const idsOf = ({ uploads }: FastioUpload): string[] => uploads.map(({ id }) => id);

describe('methods for the uploads of an element', () => {
  it('rename, move and describe them before they are opened', async () => {
    const element = await waiting();
    element.addFiles([fileNamed('a.txt'), fileNamed('b.txt')]);
    const [first = '', second = ''] = idsOf(element);
    expect(element.rename(first, 'c.txt')).to.equal(true);
    expect(element.move(second, 0)).to.equal(true);
    expect(element.setMetadata(first, { album: 7 })).to.equal(true);
    expect(namesOf(element)).to.deep.equal(['b.txt', 'c.txt']);
    expect([
      element.rename('unknown', 'd'),
      element.setMetadata('unknown', {}),
      element.move('unknown', 0),
    ]).to.deep.equal([false, false, false]);
  });

  it('may be called before the first rendering', () => {
    const element = document.createElement('fastio-upload');
    element.noAuto = true;
    const [upload] = element.addFiles([fileNamed('a.txt')]);
    expect(element.rename(upload?.id ?? '', 'b.txt')).to.equal(true);
    element.clear();
    element.retry();
    expect(namesOf(element)).to.deep.equal(['b.txt']);
  });

  it('pass `prepare` to the engine', async () => {
    const element = await waiting();
    const prepare = () => null;
    element.prepare = prepare;
    expect(element.engine.options.prepare).to.equal(prepare);
  });

  it('keep the list when a script adds something other than files', async () => {
    const element = await waiting();
    element.addFiles([fileNamed('a.txt')]);
    expect(() => element.addFiles([{} as File])).to.throw(TypeError);
    await element.updateComplete;
    expect(element.shadowRoot?.querySelectorAll('li')).to.have.length(1);
  });
});
