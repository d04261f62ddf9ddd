import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import '../../src/define.js';
import { ENGINE_EVENTS, FastioUpload, UploadEngine } from '../../src/index.js';
import { errorOf, snapshot } from './fake-engine.js';
import { bind, fileNamed, find, findAll, pick, textOf } from './support.js';

describe('<fastio-upload> properties', () => {
  it('work before the element is in a document', () => {
    const element = document.createElement('fastio-upload');
    element.noAuto = true;
    const added = element.addFiles([fileNamed('a.txt')]);
    expect(added.map(({ name }) => name)).to.deep.equal(['a.txt']);
    expect(element.files.map(({ name }) => name)).to.deep.equal(['a.txt']);
    expect(element.value).to.deep.equal([]);
    expect(element.progress.pending).to.equal(1);
    element.pause();
    element.resume();
    element.cancel();
    element.clear();
    expect(element.uploads).to.deep.equal([]);
  });

  it('stop listening to an engine of the page when the element is removed', async () => {
    const { element, engine } = await bind();
    let heard = 0;
    element.addEventListener('upload-added', () => heard++);
    element.remove();
    engine.show(snapshot());
    expect(heard).to.equal(0);
    expect(element.isConnected).to.equal(false);
  });

  it('show the limits before there is an error', async () => {
    const page = html`<fastio-upload multiple accept="image/*,.pdf" max-file-size="5 GB" max-files="10"></fastio-upload>`;
    const { element } = await bind(page);
    expect(textOf(find(element, '.hint'))).to.equal('Images and PDF · Up to 5 GB each · Up to 10 files');
  });

  it('show limits that the backend announces', async () => {
    const { element, engine } = await bind();
    engine.limits = { maxFileSize: 4e6, accept: 'video/*' };
    engine.emit('limits-changed', { limits: engine.limits });
    await element.updateComplete;
    expect(textOf(find(element, '.hint'))).to.equal('Videos · Up to 4 MB each');
  });

  it('say in the summary that uploads cannot be resumed, as long as some are running', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', size: 1000, state: 'uploading' }));
    engine.emit('resume-unavailable', {});
    await element.updateComplete;
    const said = () => textOf(find(element, '.root'));
    expect(said()).to.contain('Keep this page open');
    engine.change('one', { state: 'done', ratio: 1 });
    await element.updateComplete;
    expect(said()).not.to.contain('Keep this page open');
  });

  it('replace single texts', async () => {
    const { element } = await bind();
    element.strings = { chooseFiles: 'Dateien wählen' };
    await element.updateComplete;
    expect(textOf(find(element, '.choose'))).to.equal('Dateien wählen');
    expect(textOf(find(element, '.zone-label'))).to.equal('Drop files or folders here');
  });

  it('show every file, one line, or nothing', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot(), snapshot());
    const shown = async (list: 'full' | 'summary' | 'none') => {
      element.list = list;
      await element.updateComplete;
      return [findAll(element, '.summary').length, findAll(element, 'li').length];
    };
    expect([await shown('full'), await shown('summary'), await shown('none')]).to.deep.equal([
      [1, 2],
      [1, 0],
      [0, 0],
    ]);
  });

  it('include states for style sheets', async () => {
    const { element, engine } = await bind();
    const states = () =>
      ['empty', 'uploading', 'complete', 'error', 'disabled', 'dragging'].filter((name) =>
        element.matches(`:state(${name})`),
      );
    const seen = [states()];
    for (const upload of [
      snapshot({ state: 'uploading' }),
      snapshot({ state: 'failed' }),
      snapshot({ state: 'done' }),
    ]) {
      engine.show(upload);
      await element.updateComplete;
      seen.push(states());
    }
    expect(seen).to.deep.equal([['empty'], ['uploading'], ['error'], ['complete']]);
  });
});

describe('<fastio-upload> events', () => {
  it('include all of the engine but those that it only shows', async () => {
    const { element, engine } = await bind();
    const heard: string[] = [];
    for (const name of ENGINE_EVENTS) element.addEventListener(name, () => heard.push(name));
    const upload = snapshot();
    const details: Record<string, object> = {
      'upload-rejected': { file: fileNamed('a.txt'), code: 'rejected-type', message: '' },
      'uploads-restored': { uploads: [upload] },
      'limits-changed': { limits: {} },
      'upload-retry': { upload, attempt: 2, delayMs: 1, error: errorOf('network') },
    };
    for (const name of ENGINE_EVENTS)
      engine.dispatchEvent(new CustomEvent(name, { detail: details[name] ?? { upload } }));
    const shown: readonly string[] = ['limits-changed', 'resume-unavailable'];
    expect(heard).to.deep.equal(ENGINE_EVENTS.filter((name) => !shown.includes(name)));
  });

  it('cross shadow roots with frozen details, except for progress', async () => {
    const { element, engine } = await bind();
    setTimeout(() => engine.emit('upload-canceled', { upload: snapshot() }));
    const canceled = await oneEvent(element, 'upload-canceled');
    setTimeout(() => engine.emit('upload-progress', { upload: snapshot() }));
    const progress = await oneEvent(element, 'upload-progress');
    expect([canceled.bubbles, canceled.composed, Object.isFrozen(canceled.detail)]).to.deep.equal([true, true, true]);
    expect([progress.bubbles, progress.composed]).to.deep.equal([true, false]);
  });

  it('let the page refuse a file', async () => {
    const element = document.createElement('fastio-upload');
    element.noAuto = true;
    let code = '';
    element.addEventListener('upload-before', (event) => event.preventDefault());
    element.addEventListener('upload-rejected', (event) => {
      code = event.detail.code;
    });
    expect(element.addFiles([fileNamed('a.txt')])).to.deep.equal([]);
    expect(code).to.equal('rejected-before');
  });

  it('include one input and one change when the user chooses, and none when the page does', async () => {
    const { element } = await bind();
    const heard: string[] = [];
    for (const name of ['input', 'change'])
      document.body.addEventListener(name, () => heard.push(name), { once: true });
    element.addEventListener('input', () => heard.push('own input'));
    element.addFiles([fileNamed('page.txt')]);
    expect(heard).to.deep.equal([]);
    pick(element, [fileNamed('user.txt')]);
    expect(heard).to.deep.equal(['own input', 'input', 'change']);
  });

  it('continue when a listener throws', async () => {
    const { element, engine } = await bind();
    const onError = window.onerror;
    window.onerror = () => true;
    element.addEventListener('upload-added', () => {
      throw new Error('a bug of the page');
    });
    engine.show(snapshot(), snapshot());
    await element.updateComplete;
    window.onerror = onError;
    expect(findAll(element, 'li')).to.have.length(2);
  });
});

describe('UploadEngine behind the element', () => {
  it('is created by the element unless the page sets one', () => {
    expect(document.createElement('fastio-upload').engine).to.be.instanceOf(UploadEngine);
    expect(customElements.get('fastio-upload')).to.equal(FastioUpload);
  });

  it('fails a file without an endpoint, with the text for it', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload no-resume></fastio-upload>`);
    const failed = oneEvent(element, 'upload-failed');
    element.addFiles([fileNamed('a.txt')]);
    expect((await failed).detail.error.code).to.equal('configuration');
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.contain("Uploads aren't working here right now");
  });
});
