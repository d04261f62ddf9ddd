import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import 'axe-core/axe.min.js';
import type axeType from 'axe-core';
import '../../src/define.js';
import { ENGINE_EVENTS, FastioUpload, UploadEngine, type UploadSnapshot } from '../../src/index.js';
import { FakeEngine, snapshot } from './fake-engine.js';
import { bind, fileNamed, find, findAll, pick, textOf } from './support.js';

const error = (code: NonNullable<UploadSnapshot['error']>['code']) => ({
  code,
  message: 'for developers',
  retriable: false,
});

const everyState = (): UploadSnapshot[] => [
  snapshot({ state: 'queued' }),
  snapshot({ state: 'preparing' }),
  snapshot({ state: 'uploading', sentBytes: 700e6, confirmedBytes: 600e6, bytesPerSecond: 18e6, remainingMs: 60_000 }),
  snapshot({ state: 'finishing' }),
  snapshot({ state: 'done' }),
  snapshot({ state: 'paused', reason: 'user' }),
  snapshot({ state: 'paused', reason: 'needs-file', confirmedBytes: 900e6 }),
  snapshot({ state: 'waiting', reason: 'offline' }),
  snapshot({ state: 'waiting', reason: 'backoff', resumesAt: Date.now() + 60_000 }),
  snapshot({ state: 'failed', error: error('network') }),
  snapshot({ state: 'failed', error: error('source-changed') }),
  snapshot({ state: 'canceled' }),
];

/** The package has no module to import; it leaves itself on the window. */
const { axe } = window as unknown as { readonly axe: typeof axeType };

/** All rules of WCAG 2.2 AA; the size of targets is off in axe unless asked for. */
const violations = async (element: Element): Promise<string[]> => {
  const found = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'target-size': { enabled: true }, region: { enabled: false } },
  });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

describe('<fastio-upload> accessibility', () => {
  it('is accessible while empty', async () => {
    const { element } = await bind();
    await expect(element).to.be.accessible();
    expect(await violations(element)).to.deep.equal([]);
  });

  it('is accessible with a file in every state', async () => {
    const { element, engine } = await bind();
    engine.show(...everyState());
    await element.updateComplete;
    await expect(element).to.be.accessible();
    expect(await violations(element)).to.deep.equal([]);
  });

  it('is accessible in a dark page from right to left', async () => {
    const page = html`<div dir="rtl" style="color-scheme: dark; background: #15171b; color: #e8eaee">
      <fastio-upload multiple directory></fastio-upload>
    </div>`;
    const { element, engine } = await bind(page);
    engine.show(...everyState());
    await element.updateComplete;
    expect(await violations(element)).to.deep.equal([]);
  });

  it('is accessible while disabled', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple disabled></fastio-upload>`);
    engine.show(...everyState());
    await element.updateComplete;
    expect(await violations(element)).to.deep.equal([]);
  });

  it('is accessible with a message about refused files', async () => {
    const { element, engine } = await bind(html`<fastio-upload multiple accept=".pdf"></fastio-upload>`);
    engine.emit('upload-rejected', { file: fileNamed('a.exe'), code: 'rejected-type', message: '' });
    await element.updateComplete;
    expect(await violations(element)).to.deep.equal([]);
    expect(textOf(find(element, '[role=alert]'))).to.equal('a.exe was not added. Only these types are taken: PDF.');
  });

  it('names every button of a row with its file', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ name: 'raw.mp4', state: 'uploading' }), snapshot({ name: 'a.zip', state: 'failed' }));
    await element.updateComplete;
    const names = findAll(element, 'li button').map((button) => button.getAttribute('aria-label'));
    expect(names).to.deep.equal(['Pause raw.mp4', 'Cancel raw.mp4', 'Try again: a.zip', 'Remove a.zip']);
  });

  it('pauses and removes by keyboard alone', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    await element.updateComplete;
    find(element, '[data-action=pause]').focus();
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: ' ' });
    expect(engine.calls.filter(([name]) => name !== 'configure')).to.deep.equal([
      ['pause', 'one'],
      ['cancel', 'one'],
    ]);
  });

  it('moves the focus to the next file when a file is removed', async () => {
    const { element, engine } = await bind();
    engine.show(...['one', 'two', 'three'].map((id) => snapshot({ id, state: 'done' })));
    await element.updateComplete;
    find(element, '[data-id=two] [data-action=remove]').focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement?.closest('li')?.dataset.id).to.equal('three');
  });

  it('moves the focus to the button that chooses files when the last file is removed', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ state: 'done' }));
    await element.updateComplete;
    find(element, 'li [data-action=remove]').focus();
    await sendKeys({ press: 'Enter' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.choose'));
  });

  it('keeps the focus in the row when its button goes', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    await element.updateComplete;
    find(element, '[data-action=pause]').focus();
    engine.change('one', { state: 'finishing' });
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement === find(element, '[data-id=one]')).to.equal(true);
  });
});

describe('<fastio-upload> properties', () => {
  it('passes attributes on to its engine in bytes and milliseconds', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload
      endpoint="/nowhere"
      protocol="chunked"
      max-files="3"
      max-file-size="5 GB"
      min-file-size="1KiB"
      part-size="8MiB"
      parallel="40"
      retry-window="90"
      duplicates="keep"
      metadata='{"album": 7}'
      workspace-id="42"
      no-auto
      no-resume
    ></fastio-upload>`);
    const { options } = element.engine;
    expect(options).to.include({
      endpoint: '/nowhere',
      protocol: 'chunked',
      maxFiles: 3,
      maxFileSize: 5e9,
      minFileSize: 1024,
      partSize: 8 * 2 ** 20,
      parallel: 16,
      retryWindowMs: 90_000,
      duplicates: 'keep',
      workspaceId: '42',
      autoStart: false,
      resume: false,
    });
    expect(options.metadata).to.deep.equal({ album: 7 });
  });

  it('takes a change of an attribute before the next file, without waiting', () => {
    const element = document.createElement('fastio-upload');
    element.maxFileSize = '2 MB';
    expect(element.engine.options.maxFileSize).to.equal(2e6);
  });

  it('reads nonsense as the default', () => {
    const element = document.createElement('fastio-upload');
    element.setAttribute('max-file-size', 'huge');
    element.setAttribute('parallel', 'many');
    element.setAttribute('protocol', 'carrier-pigeon');
    element.setAttribute('metadata', '{oops');
    expect(element.engine.options).to.include({
      maxFileSize: Number.POSITIVE_INFINITY,
      parallel: 'auto',
      protocol: 'auto',
    });
  });

  const removed = (element: FastioUpload) => {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  };
  const unset = (value: null | undefined) => (element: FastioUpload) => {
    const { name, endpoint, protocol, list, maxFiles, parallel, metadata, headers, strings } = element;
    for (const key of Object.keys({ name, endpoint, protocol, list, maxFiles, parallel, metadata, headers, strings })) {
      Object.assign(element, { [key]: value });
    }
  };
  const ways = { 'attributes are removed': removed, 'is null': unset(null), 'is undefined': unset(undefined) };
  for (const [way, unsetAll] of Object.entries(ways)) {
    it(`goes back to the defaults where ${way}`, async () => {
      const element = await fixture<FastioUpload>(html`<fastio-upload
        name="files" endpoint="/uploads" protocol="chunked" list="none" max-files="3" parallel="2" metadata='{"a":1}'
        .headers=${{ a: 'b' }} .strings=${{ chooseFiles: 'Pick' }}
      ></fastio-upload>`);
      unsetAll(element);
      await element.updateComplete;
      const { name, endpoint, protocol, list, maxFiles, parallel, metadata } = element;
      const unsaid = ['', '', 'auto', 'full', null, 'auto', null];
      expect([name, endpoint, protocol, list, maxFiles, parallel, metadata]).to.deep.equal(unsaid);
      const { options } = element.engine;
      expect([options.listName, options.endpoint, options.protocol]).to.deep.equal(['', '', 'auto']);
      expect((await element.diagnose()).map(({ code }) => code)).to.include('endpoint-missing');
      expect(find<HTMLInputElement>(element, '.files-input').multiple, 'a list of its own').to.equal(true);
    });
  }

  it('can be used before it is in a document', () => {
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

  it('tells a brought engine only what its attributes say', async () => {
    const engine = new FakeEngine();
    const element = await fixture<FastioUpload>(
      html`<fastio-upload max-files="3" .engine=${engine.asEngine()}></fastio-upload>`,
    );
    await element.updateComplete;
    expect(engine.calls).to.deep.equal([['configure', { maxFiles: 3 }]]);
  });

  it('leaves to a brought engine where its records are', async () => {
    const { engine } = await bind(html`<fastio-upload id="files" name="files" endpoint="/uploads"></fastio-upload>`);
    expect([engine.options.endpoint, engine.options.listName]).to.deep.equal(['/uploads', '']);
    expect(
      engine.calls.map(([name, options]) => (name === 'configure' ? Object.keys(options ?? {}) : [])),
    ).to.deep.equal([['endpoint']]);
  });

  it('leaves a brought engine alone once it is out of the document', async () => {
    const { element, engine } = await bind();
    let heard = 0;
    element.addEventListener('upload-added', () => heard++);
    element.remove();
    engine.show(snapshot());
    expect(heard).to.equal(0);
    expect(element.isConnected).to.equal(false);
  });

  it('shows the limits before there is an error', async () => {
    const page = html`<fastio-upload multiple accept="image/*,.pdf" max-file-size="5 GB" max-files="10"></fastio-upload>`;
    const { element } = await bind(page);
    expect(textOf(find(element, '.hint'))).to.equal('Images and PDF · Up to 5 GB each · At most 10 files');
  });

  it('shows limits that the backend announces', async () => {
    const { element, engine } = await bind();
    engine.limits = { maxFileSize: 4e6, accept: 'video/*' };
    engine.emit('limits-changed', { limits: engine.limits });
    await element.updateComplete;
    expect(textOf(find(element, '.hint'))).to.equal('Video · Up to 4 MB each');
  });

  it('says in its summary that nothing outlives the page, as long as there is something to lose', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', size: 1000, state: 'uploading' }));
    engine.emit('resume-unavailable', {});
    await element.updateComplete;
    const detail = find(element, '[part=summary-detail]');
    expect(textOf(detail)).to.contain('Keep this page open');
    engine.change('one', { state: 'done', ratio: 1 });
    await element.updateComplete;
    expect(textOf(detail)).not.to.contain('Keep this page open');
  });

  it('replaces single texts', async () => {
    const { element } = await bind();
    element.strings = { chooseFiles: 'Dateien wählen' };
    await element.updateComplete;
    expect(textOf(find(element, '.choose'))).to.equal('Dateien wählen');
    expect(textOf(find(element, '.zone-label'))).to.equal('Drop files or folders here');
  });

  it('shows every file, one line, or nothing', async () => {
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

  it('tells its states to style sheets', async () => {
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

  it('diagnoses a missing endpoint and an attribute that means nothing', async () => {
    const element = document.createElement('fastio-upload');
    element.maxFileSize = 'huge';
    const codes = (await element.diagnose()).map(({ code }) => code);
    expect(codes).to.include.members(['endpoint-missing', 'attribute-invalid']);
  });
});

describe('<fastio-upload> events', () => {
  it('passes on all events of the engine but those that it shows', async () => {
    const { element, engine } = await bind();
    const heard: string[] = [];
    for (const name of ENGINE_EVENTS) element.addEventListener(name, () => heard.push(name));
    const upload = snapshot();
    const details: Record<string, object> = {
      'upload-rejected': { file: fileNamed('a.txt'), code: 'rejected-type', message: '' },
      'uploads-restored': { uploads: [upload] },
      'limits-changed': { limits: {} },
    };
    for (const name of ENGINE_EVENTS)
      engine.dispatchEvent(new CustomEvent(name, { detail: details[name] ?? { upload } }));
    const shown: readonly string[] = ['limits-changed', 'resume-unavailable'];
    expect(heard).to.deep.equal(ENGINE_EVENTS.filter((name) => !shown.includes(name)));
  });

  it('sends frozen details across shadow roots, and progress not', async () => {
    const { element, engine } = await bind();
    setTimeout(() => engine.emit('upload-canceled', { upload: snapshot() }));
    const canceled = await oneEvent(element, 'upload-canceled');
    setTimeout(() => engine.emit('upload-progress', { upload: snapshot() }));
    const progress = await oneEvent(element, 'upload-progress');
    expect([canceled.bubbles, canceled.composed, Object.isFrozen(canceled.detail)]).to.deep.equal([true, true, true]);
    expect([progress.bubbles, progress.composed]).to.deep.equal([true, false]);
  });

  it('lets the page refuse a file', async () => {
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

  it('tells input and change once when the user chooses, and not when the page does', async () => {
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

  it('goes on when a listener throws', async () => {
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

describe('<fastio-upload> choosing', () => {
  it('takes all chosen files with multiple', async () => {
    const { element } = await bind();
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['a.txt', 'b.txt']);
  });

  it('takes all chosen files without a name, even without multiple', async () => {
    const { element } = await bind(html`<fastio-upload></fastio-upload>`);
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    pick(element, [fileNamed('c.txt')]);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['a.txt', 'b.txt', 'c.txt']);
  });

  it('takes one file as a form field without multiple, and puts the next one in its place', async () => {
    const { element } = await bind(html`<fastio-upload name="portrait"></fastio-upload>`);
    const refused: string[] = [];
    element.addEventListener('upload-rejected', ({ detail }) => refused.push(`${detail.file.name} ${detail.code}`));
    pick(element, [fileNamed('a.txt'), fileNamed('b.txt')]);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['a.txt']);
    expect(refused).to.deep.equal(['b.txt rejected-count']);
    pick(element, [fileNamed('c.txt')]);
    expect(element.uploads.map(({ name }) => name)).to.deep.equal(['c.txt']);
  });

  it('can choose the same file again', async () => {
    const { element } = await bind();
    pick(element, [fileNamed('a.txt')]);
    expect(find<HTMLInputElement>(element, '.files-input').value).to.equal('');
  });

  it('opens the picker by the button, by click() and by showPicker()', async () => {
    const { element } = await bind();
    let opened = 0;
    find(element, '.files-input').addEventListener('click', (event) => {
      event.preventDefault();
      opened += 1;
    });
    find(element, '.choose').click();
    element.click();
    element.showPicker();
    expect(opened).to.equal(3);
  });

  it('gives an upload its file back', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', name: 'raw.mp4', state: 'paused', reason: 'needs-file', confirmedBytes: 900e6 }));
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.equal('50% is stored. Choose the file again to finish.');
    find(element, '.again-input').addEventListener('click', (event) => event.preventDefault());
    find(element, '[data-action=choose]').click();
    const changed = oneEvent(element, 'change');
    pick(element, [fileNamed('raw.mp4')], '.again-input');
    await changed;
    expect(engine.calls.at(-1)?.slice(0, 2)).to.deep.equal(['reattach', 'one']);
  });

  it('says when it is another file', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', name: 'raw.mp4', state: 'paused', reason: 'needs-file' }));
    await element.updateComplete;
    find(element, '.again-input').addEventListener('click', (event) => event.preventDefault());
    find(element, '[data-action=choose]').click();
    pick(element, [fileNamed('other.mp4')], '.again-input');
    await Promise.resolve();
    await element.updateComplete;
    expect(textOf(find(element, '[role=alert]'))).to.contain('other.mp4 is not the file that this upload began with');
  });
});

describe('UploadEngine behind the element', () => {
  it('is made by the element when none is brought', () => {
    expect(document.createElement('fastio-upload').engine).to.be.instanceOf(UploadEngine);
    expect(customElements.get('fastio-upload')).to.equal(FastioUpload);
  });

  it('fails a file without an endpoint, with the sentence for it', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload no-resume></fastio-upload>`);
    const failed = oneEvent(element, 'upload-failed');
    element.addFiles([fileNamed('a.txt')]);
    expect((await failed).detail.error.code).to.equal('configuration');
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.contain('Uploading is not set up on this page');
  });
});
