import { expect, fixture, html } from '@open-wc/testing';
import '../../../src/define.js';
import { type FastioUpload, UploadEngine } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { FakeEngine, snapshot } from '../fake-engine.js';
import { completed, heldBack, mount, sending } from '../real-uploads.js';
import { bind, fileNamed, find, findAll, namesOf, nextTask, textOf } from '../support.js';

/** Enough to be in every state at once. */
const FILES = 80;

/** Real uploads to a real server: `/__grants` names it. */
const uploading = () =>
  fixture<FastioUpload>(
    html`<fastio-upload endpoint="/__grants" protocol="presigned" no-resume multiple></fastio-upload>`,
  );

const like = ({ endpoint, protocol, name }: FastioUpload): FastioUpload =>
  Object.assign(document.createElement('fastio-upload'), { endpoint, protocol, name });

describe('uploads outlive', () => {
  it('a move of the element in the document', async () => {
    const element = await uploading();
    const names = completed(element);
    element.addFiles([fileNamed('a.txt', 300_000)]);
    const elsewhere = await fixture<HTMLElement>(html`<section></section>`);
    elsewhere.append(element);
    await until(() => element.progress.done === 1, 'it is stored');
    expect(names).to.deep.equal(['a.txt']);
    await element.updateComplete;
    expect(textOf(find(element, 'li .status'))).to.contain('Uploaded');
  });

  it('a temporary removal of the element', async () => {
    const element = await uploading();
    const names = completed(element);
    const place = element.parentElement;
    element.addFiles([fileNamed('a.txt', 300_000)]);
    element.remove();
    await until(() => element.progress.done === 1, 'it is stored');
    place?.append(element);
    await element.updateComplete;
    expect(names).to.deep.equal(['a.txt']);
    expect(findAll(element, 'li').length).to.equal(1);
  });

  it('an element whose page passes its engine to another', async () => {
    const first = await uploading();
    const { engine } = first;
    first.addFiles([fileNamed('a.txt', 300_000)]);
    const second = await fixture<FastioUpload>(html`<fastio-upload multiple .engine=${engine}></fastio-upload>`);
    const names = completed(second);
    first.engine = null;
    first.remove();
    await until(() => second.progress.done === 1, 'it is stored');
    expect(names).to.deep.equal(['a.txt']);
  });
});

describe('an element that is removed during uploads', () => {
  it('passes its engine to the next one for the same list', async () => {
    const first = await sending('left');
    const [upload] = first.element.uploads;
    const [canceled] = first.element.addFiles([fileNamed('b.txt')]);
    first.element.cancel(canceled?.id);
    first.element.remove();
    await nextTask();
    const second = like(first.element);
    const names = completed(second);
    const restored: string[] = [];
    second.addEventListener('uploads-restored', ({ detail }) => restored.push(...detail.uploads.map(({ id }) => id)));
    await mount(second);
    expect(second.uploads.map(({ id }) => id)).to.deep.equal([upload?.id, canceled?.id]);
    expect(findAll(second, 'li').length).to.equal(2);
    expect(restored).to.deep.equal([upload?.id]);
    first.open();
    await until(() => second.progress.done === 1, 'it is stored');
    expect([first.names, names, first.element.uploads]).to.deep.equal([[], ['a.txt'], []]);
    second.remove();
  });

  it('passes its engine to one that replaces it at once', async () => {
    const first = await sending('swapped');
    const second = like(first.element);
    const names = completed(second);
    first.element.replaceWith(second);
    await second.updateComplete;
    first.open();
    await until(() => second.progress.done === 1, 'it is stored');
    expect([first.names, names]).to.deep.equal([[], ['a.txt']]);
    second.remove();
  });

  for (const difference of [
    { name: 'yours' },
    { folderId: 'yours' },
    { workspaceId: 'yours' },
    { endpoint: '/__grants?yours' },
    { protocol: 'chunked' },
  ]) {
    it(`keeps its engine from one with another ${Object.keys(difference)}`, async () => {
      const first = await sending('mine', FILES);
      const other: FastioUpload = Object.assign(like(first.element), difference);
      first.element.replaceWith(other);
      await other.updateComplete;
      await nextTask();
      expect(other.uploads).to.deep.equal([]);
      first.open();
      await until(() => first.element.progress.done === FILES, 'all are stored');
      expect([first.names.length, other.uploads.length]).to.deep.equal([FILES, 0]);
      other.remove();
    });
  }

  it('passes its engine to one with another confirmation, which uploads do not depend on', async () => {
    const first = await sending('confirmed', FILES);
    const other = like(first.element);
    other.confirmEndpoint = '/nothing-here';
    first.element.replaceWith(other);
    await other.updateComplete;
    expect(other.uploads.length).to.equal(FILES);
    first.open();
    await until(() => other.progress.pending === 0, 'all are over');
    expect([other.progress.done, first.names.length]).to.deep.equal([FILES, 0]);
    other.remove();
  });

  it('follows its uploads while no other element shows them, and shows them when it is back', async () => {
    const { element, open, names } = await sending('alone');
    element.remove();
    await nextTask();
    open();
    await until(() => element.progress.done === 1, 'it is stored');
    expect(names).to.deep.equal(['a.txt']);
    await mount(element);
    expect(findAll(element, 'li').length).to.equal(1);
    element.remove();
  });

  it('passes uploads that failed meanwhile to the next one, which shows them', async () => {
    const { element, open } = heldBack('failing');
    element.endpoint = '/nothing-here';
    await mount(element);
    element.addFiles([fileNamed('a.txt')]);
    element.remove();
    open();
    await until(() => element.progress.failed === 1, 'it fails');
    const next = await mount(like(element));
    expect(next.uploads.map(({ name, state }) => [name, state])).to.deep.equal([['a.txt', 'failed']]);
    next.clear();
    next.remove();
  });

  it('passes stored uploads to no other', async () => {
    const { element, open } = await sending('stored');
    open();
    await until(() => element.progress.done === 1, 'it is stored');
    const next = like(element);
    element.replaceWith(next);
    await next.updateComplete;
    expect([next.uploads, next.value]).to.deep.equal([[], []]);
    next.remove();
  });
});

describe('a page that renders twice', () => {
  it('uploads each file once when the element is mounted, unmounted and mounted again', async () => {
    const place = await fixture<HTMLElement>(html`<div></div>`);
    const element = document.createElement('fastio-upload');
    Object.assign(element, { endpoint: '/__grants', protocol: 'presigned', noResume: true });
    const names = completed(element);
    place.append(element);
    element.remove();
    place.append(element);
    element.addFiles([fileNamed('a.txt')]);
    await until(() => element.progress.pending === 0, 'nothing is left');
    expect(names).to.deep.equal(['a.txt']);
    expect(element.uploads.length).to.equal(1);
  });

  it('gets each event of its engine once, however often it is set', async () => {
    const { element, engine } = await bind();
    for (let times = 0; times < 3; times += 1) {
      element.engine = null;
      element.engine = engine.asEngine();
    }
    let heard = 0;
    element.addEventListener('upload-added', () => {
      heard += 1;
    });
    engine.show(snapshot());
    expect(heard).to.equal(1);
  });
});

describe('a hidden page', () => {
  it('learns the end although the frame it had requested never comes', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await element.updateComplete;
    const { requestAnimationFrame } = window;
    try {
      window.requestAnimationFrame = () => 0;
      engine.change('a', { state: 'done', fileId: 'x' });
      await until(() => element.matches(':state(complete)'), 'it is rendered');
    } finally {
      window.requestAnimationFrame = requestAnimationFrame;
    }
  });
});

describe('an engine', () => {
  it('can be set before the first rendering and unset again', async () => {
    const element = document.createElement('fastio-upload');
    const engine = new FakeEngine();
    element.engine = engine.asEngine();
    engine.uploads = [snapshot({ name: 'a.txt' })];
    expect(namesOf(element)).to.deep.equal(['a.txt']);
    element.engine = null;
    expect(element.uploads).to.deep.equal([]);
    expect(element.engine).to.be.instanceOf(UploadEngine);
  });
});
