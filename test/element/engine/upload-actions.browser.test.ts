import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { fileNamed, namesOf } from '../support.js';

const waiting = (): Promise<FastioUpload> =>
  fixture(
    html`<fastio-upload endpoint=${`/nowhere/${crypto.randomUUID()}`} protocol="presigned" no-auto no-resume></fastio-upload>`,
  );

const idsOf = ({ uploads }: FastioUpload): string[] => uploads.map(({ id }) => id);

const stateOf = ({ uploads }: FastioUpload): string | undefined => uploads[0]?.state;

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

  it('are not needed to start what waits once `no-auto` is removed', async () => {
    const element = await waiting();
    element.addFiles([fileNamed('a.txt')]);
    await element.updateComplete;
    expect(stateOf(element)).to.equal('queued');

    element.removeAttribute('no-auto');
    await element.updateComplete;

    expect(stateOf(element)).to.not.equal('queued');
    element.cancel();
  });

  it('are not needed either once no field is required any longer', async () => {
    const element = await waiting();
    element.fields = [{ name: 'title', label: 'Title', required: true }];
    element.noAuto = false;
    element.addFiles([fileNamed('a.txt')]);
    await element.updateComplete;
    expect(stateOf(element)).to.equal('queued');

    element.fields = [];
    await element.updateComplete;

    expect(stateOf(element)).to.not.equal('queued');
    element.cancel();
  });

  it('start what waits without a second rendering, of which Lit would warn', async () => {
    const element = await waiting();
    element.addFiles([fileNamed('a.txt')]);
    await element.updateComplete;
    const { litIssuedWarnings: issued } = globalThis as { litIssuedWarnings?: Set<string> };
    if (!issued) throw new Error("this is not Lit's development build");
    // Lit warns once a page.
    issued.clear();
    const warnings: unknown[] = [];
    const { warn } = console;
    console.warn = (...words) => warnings.push(words[0]);
    try {
      element.noAuto = false;
      await element.updateComplete;
    } finally {
      console.warn = warn;
    }
    expect(stateOf(element)).to.not.equal('queued');
    expect(warnings).to.deep.equal([]);
    element.cancel();
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
